const EVERY_MS = 1_600
const HIGH_HZ = 880
const LOW_HZ = 620

let audio: AudioContext | null = null
let timer: ReturnType<typeof setInterval> | undefined

function tone(at: AudioContext, hertz: number, start: number): void {
  const source = at.createOscillator()
  const loudness = at.createGain()
  source.frequency.value = hertz
  source.connect(loudness).connect(at.destination)
  loudness.gain.setValueAtTime(0.0001, start)
  loudness.gain.exponentialRampToValueAtTime(0.4, start + 0.03)
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.35)
  source.start(start)
  source.stop(start + 0.36)
}

function strike(): void {
  audio ??= new AudioContext()
  // A page nobody has touched yet may not sound; the banner and the title tell all the same.
  if (audio.state === 'suspended') void audio.resume()
  tone(audio, HIGH_HZ, audio.currentTime)
  tone(audio, LOW_HZ, audio.currentTime + 0.4)
  navigator.vibrate?.([200, 100, 200])
}

/** Rings until `stopBell`; made here, so that no file can be missing. */
export function startBell(): void {
  if (timer !== undefined) return
  strike()
  timer = setInterval(strike, EVERY_MS)
}

export function stopBell(): void {
  clearInterval(timer)
  timer = undefined
}
