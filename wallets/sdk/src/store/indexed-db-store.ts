// A store in a browser: IndexedDB, which one page or worker has at a time (Web Locks).
import { SdkError } from "../error.ts";
import type { WalletStore } from "./wallet-store.ts";

/** As much of IndexedDB and Web Locks as is used; the project's library has no DOM. */
interface Database {
  close(): void;
  createObjectStore(name: string): unknown;
  transaction(store: string, mode: "readonly" | "readwrite", options: { readonly durability: "strict" }): Transaction;
}
interface Transaction {
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  readonly error: unknown;
  objectStore(name: string): {
    get(key: string): Request<unknown>;
    put(value: Uint8Array, key: string): Request<unknown>;
  };
}
interface Request<Result> {
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
  readonly result: Result;
  readonly error: unknown;
}
interface Platform {
  readonly indexedDB: {
    open(name: string, version: number): Request<Database> & { onupgradeneeded: (() => void) | null };
  };
  readonly navigator: {
    readonly locks: {
      request(
        name: string,
        options: { readonly ifAvailable: true },
        use: (lock: object | null) => Promise<void>,
      ): Promise<void>;
    };
  };
}

const DATABASE = "fogbow";
const DATABASE_VERSION = 1;
const STATES = "wallet-states";

/** A wallet's state under a name, of this page's origin. Put an {@link EncryptedStore} around it. */
export class IndexedDbStore implements WalletStore {
  readonly #database: Database;
  readonly #name: string;
  readonly #unlock: () => void;

  private constructor(database: Database, name: string, unlock: () => void) {
    this.#database = database;
    this.#name = name;
    this.#unlock = unlock;
  }

  /** Takes the name, under which nothing need be. Rejects with SdkError `store-locked`, `store-failed`. */
  static async open(name: string): Promise<IndexedDbStore> {
    const platform = globalThis as unknown as Platform; // Of a browser.
    const unlock = await lock(platform, `${DATABASE} ${name}`);
    try {
      const opening = platform.indexedDB.open(DATABASE, DATABASE_VERSION);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STATES);
      return new IndexedDbStore(await resultOf(opening), name, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    const transaction = this.#transaction("readonly");
    const state = await resultOf(transaction.objectStore(STATES).get(this.#name));
    return state instanceof Uint8Array ? state : undefined;
  }

  async write(state: Uint8Array): Promise<void> {
    const transaction = this.#transaction("readwrite");
    transaction.objectStore(STATES).put(state.slice(), this.#name);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(failed(transaction.error));
    });
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#unlock();
  }

  #transaction(mode: "readonly" | "readwrite"): Transaction {
    try {
      return this.#database.transaction(STATES, mode, { durability: "strict" });
    } catch (cause) {
      throw failed(cause);
    }
  }
}

/** Resolves with what lets go of the lock. */
function lock({ navigator }: Platform, name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (taken) => {
      if (taken === null) throw new SdkError("store-locked", "Another page or worker has the wallet open.");
      return new Promise<void>((unlock) => resolve(unlock));
    });
    held.catch(reject);
  });
}

function resultOf<Result>(request: Request<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failed(request.error));
  });
}

const failed = (cause: unknown): SdkError =>
  new SdkError("store-failed", "The browser does not read or write the wallet's store.", { cause });
