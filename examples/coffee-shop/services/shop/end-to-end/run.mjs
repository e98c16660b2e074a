import { appendFileSync } from 'node:fs';

const { ODMD_INPUT_ORDERS, ODMD_INPUT_PROCESSOR, ODMD_INPUT_SHOP, ODMD_OUTPUT } = process.env;
const orders = JSON.parse(ODMD_INPUT_ORDERS);
const processor = JSON.parse(ODMD_INPUT_PROCESSOR);

/** What a guest relies on, each with the answer that it takes. */
const checks = {
  'the shop shows its page': async () => expect(await fetch(ODMD_INPUT_SHOP), 200),
  'the manager says what was ordered': async () => expect(await fetch(new URL('/orders', orders.url)), 200),
  'a stranger orders nothing': async () => {
    const body = JSON.stringify({ drink: 'espresso' });
    expect(await fetch(new URL('/orders', orders.url), { method: 'POST', body }), 401);
  },
  'the processor is well': async () => expect(await fetch(processor.url), 200),
};

function expect({ status }, expected) {
  if (status !== expected) throw new Error(`the answer was ${status}, not ${expected}`);
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    // Addresses are inputs, which stay out of logs; the reason of a failed fetch has one in it.
    console.log(`failed  ${name}: ${error instanceof TypeError ? 'no answer' : error.message}`);
  }
}
const passed = Object.keys(checks).length - failed;
appendFileSync(ODMD_OUTPUT, `report=${JSON.stringify({ passed, failed })}\n`);
process.exitCode = failed > 0 ? 1 : 0;
