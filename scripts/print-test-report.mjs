// Prints `N passed, N failed` from the JSON report of the test runner; a test that did not run counts as failed.
import { readFileSync } from 'node:fs';

const [, , file = '.test-report.json'] = process.argv;
let report;
try {
  report = JSON.parse(readFileSync(file, 'utf8'));
} catch (error) {
  console.log(`no test report: ${error.message}`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const passed = report.numPassedTests;
// A file that could not be loaded has no tests of its own to fail.
const brokenFiles = report.testResults.filter(
  (result) => result.status === 'failed' && result.assertionResults.length === 0,
).length;
const failed = report.numTotalTests - passed + brokenFiles;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
