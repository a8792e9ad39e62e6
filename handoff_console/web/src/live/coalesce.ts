/**
 * Runs `work` at most once at a time. Calls that come while it runs are answered by one more run after it, so the
 * result is never older than the last call, however many events arrive together.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let again = false

  async function run(): Promise<void> {
    do {
      again = false
      await work()
    } while (again)
  }

  return () => {
    if (running) {
      again = true
      return running
    }
    running = run().finally(() => {
      running = null
    })
    return running
  }
}
