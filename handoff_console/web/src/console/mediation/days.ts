const two = (n: number) => String(n).padStart(2, '0')

/** A day as a date field has it: "2026-11-22". */
export function dayField(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** A moment as a datetime field has it. */
export function momentField(at: Date): string {
  return `${dayField(at)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** So many days later. */
export function daysOn(now: Date, days: number): Date {
  const at = new Date(now)
  at.setDate(at.getDate() + days)
  return at
}

/** The next days' usual hours for a meeting: nine, half past two, seven in the evening. */
export function meetingTimes(now: Date): { title: string; value: string }[] {
  const hours: [string, number, number][] = [
    ['上午9点', 9, 0],
    ['下午2点半', 14, 30],
    ['晚上7点', 19, 0],
  ]
  const found: { title: string; value: string }[] = []
  for (const [name, ahead] of [
    ['明天', 1],
    ['后天', 2],
  ] as const)
    for (const [title, hour, minute] of hours) {
      const at = daysOn(now, ahead)
      at.setHours(hour, minute, 0, 0)
      found.push({ title: `${name}${title}`, value: momentField(at) })
    }
  return found
}

/** "11月22日" of a day such as "2026-11-22". */
export function dayText(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  const text = `${month}月${date}日`
  return year === new Date().getFullYear() ? text : `${year}年${text}`
}
