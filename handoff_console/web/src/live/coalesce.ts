/**
 * Runs `work` at most once at a time. Calls that come while it runs are answered by one more run after it, so the
 * result is never older than the last call, however many events arrive together. `pauseMs` passes between two runs:
 * a list that every event touches must not make fifty open consoles ask all the time.
 */
export function coalesce(work: () => Promise<void>, pauseMs = 0): () => Promise<void> {
  let running: Promise<void> | null = null
  let again = false

  async function run(): Promise<void> {
    do {
      again = false
      await work()
      if (pauseMs) await new Promise((resolve) => setTimeout(resolve, pauseMs))
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
