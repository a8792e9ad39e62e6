const PATIENCE_MS = 6_000
const FRESH_MS = 60_000

/** Where the phone is, asked for only when somebody checks in; null when it will not say. */
export function positionOnce(): Promise<{ lat: number; lng: number } | null> {
  if (!('geolocation' in navigator)) return Promise.resolve(null)
  return new Promise((tell) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell({ lat: coords.latitude, lng: coords.longitude }),
      () => tell(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    )
  })
}
