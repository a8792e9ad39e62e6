/** What the server takes; unknown while it could not be asked. */
export interface Limits {
  max_file_bytes: number
  max_files: number
  max_line_bytes: number
}

/** Files chosen together are one line, as far as one line may hold them; those too large are left out and told. */
export function together<T extends { size: number }>(
  files: T[],
  limits: Limits | null,
): { lines: T[][]; tooLarge: T[] } {
  if (!limits) return { lines: files.length ? [files] : [], tooLarge: [] }
  const tooLarge = files.filter((file) => file.size > limits.max_file_bytes)
  const lines: T[][] = []
  let room = 0
  for (const file of files) {
    if (file.size > limits.max_file_bytes) continue
    const line = lines.at(-1)
    if (line && line.length < limits.max_files && file.size <= room) {
      line.push(file)
      room -= file.size
    } else {
      lines.push([file])
      room = limits.max_line_bytes - file.size
    }
  }
  return { lines, tooLarge }
}
