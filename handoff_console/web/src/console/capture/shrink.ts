const LONGEST_EDGE = 1600
const QUALITY = 0.8

/**
 * The photo at a size that shows what is broken and goes through on a poor net. Drawn anew, it also loses what the
 * camera wrote into it: where, when, which phone. One that cannot be drawn is sent as it is.
 */
export async function shrink(photo: File): Promise<File> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(photo)
  } catch (error) {
    if (error instanceof DOMException) return photo
    throw error
  }
  const scale = Math.min(1, LONGEST_EDGE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!drawn) return photo
  return new File([drawn], photo.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' })
}
