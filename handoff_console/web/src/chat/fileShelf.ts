/** Photos and files on their way, by client_id; they outlive a reload where the browser lets us keep them. */
export interface FileShelf {
  put(clientId: string, files: File[]): Promise<void>
  get(clientId: string): Promise<File[] | null>
  remove(clientId: string): Promise<void>
}

const DATABASE = 'jiesu.chat'
const TABLE = 'files'

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('no result', 'UnknownError'))
  })
}

async function openDatabase(): Promise<IDBDatabase | null> {
  try {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE)
    return await done(request)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

/** Keeps files in IndexedDB and, because that may be forbidden or full, in memory as well. */
export function openFileShelf(): FileShelf {
  const here = new Map<string, File[]>()
  const database = openDatabase()

  async function table<T>(
    mode: IDBTransactionMode,
    use: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> {
    const opened = await database
    if (!opened) return null
    try {
      return await done(use(opened.transaction(TABLE, mode).objectStore(TABLE)))
    } catch (error) {
      if (error instanceof DOMException) return null
      throw error
    }
  }

  return {
    async put(clientId, files) {
      here.set(clientId, files)
      await table('readwrite', (store) => store.put(files, clientId))
    },
    async get(clientId) {
      const known = here.get(clientId)
      if (known) return known
      const kept = (await table('readonly', (store) => store.get(clientId))) as
        File | File[] | null | undefined
      if (!kept) return null
      return Array.isArray(kept) ? kept : [kept]
    },
    async remove(clientId) {
      here.delete(clientId)
      await table('readwrite', (store) => store.delete(clientId))
    },
  }
}
