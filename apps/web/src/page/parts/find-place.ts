/** How long the browser may look for the place, in milliseconds. */
const LOOK_MS = 20_000;

/** Where this device is, and how exactly that is known. */
export interface FoundPlace {
  latitude: number;
  longitude: number;
  /** In metres. */
  accuracy: number;
}

/** Finds out where this device is. @returns `withheld` if the page is not told, `unknown` if it was not found out */
export function findPlace(): Promise<FoundPlace | 'withheld' | 'unknown'> {
  // The browser does not even ask the person at an address that others could have changed.
  if (!isSecureContext || !('geolocation' in navigator)) return Promise.resolve('withheld');
  return new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
      ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'withheld' : 'unknown'),
      { enableHighAccuracy: true, timeout: LOOK_MS, maximumAge: 0 },
    ),
  );
}
