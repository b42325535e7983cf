/** A drawer of the browser's IndexedDB: one text under one name, written whole or not at all. */

const DATABASE = "promptograph";
const STORE = "drawer";

export async function read(name: string): Promise<string | null> {
  const store = await open("readonly");
  const found: unknown = await done(store.get(name));
  return typeof found === "string" ? found : null;
}

export async function write(name: string, text: string): Promise<void> {
  const store = await open("readwrite");
  await done(store.put(text, name));
}

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const database = await done(request);
  return database.transaction(STORE, mode).objectStore(STORE);
}

function done<V>(request: IDBRequest<V>): Promise<V> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
