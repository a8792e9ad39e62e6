/** Longest recording; what is said by then is kept. */
export const LONGEST_SECONDS = 120

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const ENDINGS: Record<string, string> = { 'audio/webm': 'webm', 'audio/mp4': 'm4a', 'audio/ogg': 'ogg' }

/** Whether this browser can record at all; elsewhere the phone's own recorder does it. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && !!navigator.mediaDevices?.getUserMedia
}

/** A recording under way. */
export interface Recording {
  /** Ends it; null when nothing was recorded. */
  finish(): Promise<File | null>
  /** Ends it and forgets it. */
  cancel(): void
}

/** Starts recording. Throws DOMException when the microphone is refused or missing. */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {})
  const pieces: Blob[] = []
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve()
  })
  recorder.ondataavailable = (event) => {
    if (event.data.size) pieces.push(event.data)
  }
  recorder.start(1000)

  function release(): void {
    if (recorder.state !== 'inactive') recorder.stop()
    for (const track of stream.getTracks()) track.stop()
  }

  return {
    async finish() {
      release()
      await ended
      const type = (recorder.mimeType || 'audio/webm').split(';')[0] ?? 'audio/webm'
      return pieces.length ? new File(pieces, `voice.${ENDINGS[type] ?? 'webm'}`, { type }) : null
    },
    cancel: release,
  }
}
