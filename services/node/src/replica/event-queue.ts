// The worker's queue: bounded, first in first out, one event at a time and each to its end. Whatever touches the state of
// consensus is an event, so nobody sees that state half changed.
import { EVENTS_MAX } from "../limits.ts";

/** Handles events of one type in their order. */
export class EventQueue<Event> {
  readonly #handle: (event: Event, take: TakeNext<Event>) => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #events: Event[] = [];
  #next = 0;
  #isRunning = false;
  #isClosed = false;
  #idle: Promise<void> = Promise.resolve();

  /** `onFault` hears what `handle` throws; nothing is handled after that. */
  constructor(
    handle: (event: Event, take: TakeNext<Event>) => Promise<void>,
    { onFault }: { readonly onFault: (error: unknown) => void },
  ) {
    this.#handle = handle;
    this.#onFault = onFault;
  }

  /** Events that wait. */
  get length(): number {
    return this.#events.length - this.#next;
  }

  /** Adds an event; false when the queue is full or closed. */
  offer(event: Event): boolean {
    if (this.#isClosed || this.length >= EVENTS_MAX) return false;
    this.#add(event);
    return true;
  }

  /** Adds an event that must not be lost; there is never more than one of its kind. Does nothing once closed. */
  add(event: Event): void {
    if (!this.#isClosed) this.#add(event);
  }

  /** Handles nothing any more; resolves when the event in progress is over. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#events = [];
    this.#next = 0;
    return this.#idle;
  }

  #add(event: Event): void {
    this.#events.push(event);
    if (!this.#isRunning) this.#idle = this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      await Promise.resolve(); // Whoever adds an event is done with what it was at before it is handled.
      for (let event = this.#take(); event !== undefined; event = this.#take()) {
        await this.#handle(event, this.#takeIf);
      }
    } catch (error) {
      void this.close();
      this.#onFault(error);
    } finally {
      this.#isRunning = false;
    }
  }

  #take(): Event | undefined {
    const event = this.#events[this.#next];
    if (event === undefined) return undefined;
    this.#next++;
    if (this.#next === this.#events.length) {
      this.#events = [];
      this.#next = 0;
    } else if (this.#next > COMPACT_AT) {
      this.#events = this.#events.slice(this.#next);
      this.#next = 0;
    }
    return event;
  }

  readonly #takeIf: TakeNext<Event> = (wanted) => {
    const event = this.#events[this.#next];
    return event !== undefined && wanted(event) ? this.#take() : undefined;
  };
}

/** Takes the next event if it is one that is wanted, so that events can be handled together. */
export type TakeNext<Event> = (wanted: (event: Event) => boolean) => Event | undefined;

const COMPACT_AT = 1_024;
