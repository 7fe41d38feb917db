/** Prints "N passed, N failed" (and ", N skipped") of the test run's JSON report; exits 1 when anything failed. */
import { readFileSync } from 'node:fs'

const steps = Number(process.env.FAILED_STEPS ?? 0)
const { passed, failed, skipped } = readCounts()
// A run that stopped half-way leaves no failed test behind.
const hidden = failed === 0 && (process.env.TEST_STATUS ?? '0') !== '0' ? 1 : 0
const failures = failed + hidden + steps
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failures > 0 ? 1 : 0

function readCounts() {
  try {
    const report = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8'))
    const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloaded.length,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}
