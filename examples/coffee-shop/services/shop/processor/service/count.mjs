/**
 * Takes what waits in the queue and counts it: each message is deleted when its order is counted, so that one that
 * fails comes again.
 *
 * @param ports `receive()` gives messages, `add(drink)` counts one more of a drink, `remove(message)` deletes a message
 * @returns how many were counted, and how many failed
 */
export async function countOnce({ receive, add, remove }) {
  const messages = await receive();
  const results = await Promise.allSettled(
    messages.map(async (message) => {
      await add(drinkOf(message));
      await remove(message);
    }),
  );
  const failed = results.filter(({ status }) => status === 'rejected').length;
  return { counted: messages.length - failed, failed };
}

/** The drink in an event of the bus, as a queue carries it. */
function drinkOf({ Body }) {
  const { drink } = JSON.parse(Body).detail;
  if (typeof drink !== 'string' || drink === '') throw new Error('the order names no drink');
  return drink;
}
