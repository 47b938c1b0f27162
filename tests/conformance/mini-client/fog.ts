// Fog View and Fog Ledger over gRPC, as one wallet sees them (spec 03 §4.2, §5.3, §5.4, §7.3–7.5).
import { type Client, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { beginHandshake, type Channel } from "./channel.ts";
import { verifySimulated } from "./evidence.ts";
import { bytes, type Fields, Message, message, messages, number, read } from "./protobuf.ts";

const CALL_MS = 5_000;

/** A server that is asked in the open. */
export class Caller {
  readonly #client: Client;
  readonly #chainId: string;

  constructor(client: Client, chainId: string) {
    this.#client = client;
    this.#chainId = chainId;
  }

  /** Calls once. Rejects with what the server says. `cookies` are sent, and become what the answer sets. */
  call(method: string, request: Uint8Array, cookies: Map<string, string> = new Map()): Promise<Uint8Array> {
    const metadata = new Metadata();
    if (this.#chainId !== "") metadata.set("chain-id", this.#chainId);
    if (cookies.size > 0) metadata.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const take = (answer: Metadata): void => {
      for (const cookie of answer.get("set-cookie")) {
        const [, name, value] = /^([^=;]+)=([^;]*)/.exec(String(cookie)) ?? [];
        if (name !== undefined && value !== undefined) cookies.set(name, value);
      }
    };
    return new Promise((resolve, reject) => {
      const calling = this.#client.makeUnaryRequest(
        method,
        (message: Uint8Array) => Buffer.from(message),
        (message: Buffer) => Uint8Array.from(message),
        request,
        metadata,
        { deadline: Date.now() + CALL_MS },
        (error: ServiceError | null, answer?: Uint8Array) =>
          answer === undefined ? reject(error ?? new Error("The server answers nothing.")) : resolve(answer),
      );
      calling.on("metadata", take);
      calling.on("status", ({ metadata: trailers }) => take(trailers));
    });
  }
}

/** A service that is asked through an attested channel, which is made when it is needed. */
export class Attested {
  readonly #caller: Caller;
  readonly #responderId: string;
  readonly #service: string;
  readonly #method: string;
  readonly #cookies = new Map<string, string>();
  #channel: Channel | undefined;

  constructor(caller: Caller, responderId: string, service: string, method: string) {
    this.#caller = caller;
    this.#responderId = responderId;
    this.#service = service;
    this.#method = method;
  }

  /** Asks. A channel that the server does not know any more is made anew, once; after any other failure it is given up. */
  async ask(plaintext: Uint8Array, aad: Uint8Array = new Uint8Array()): Promise<Fields> {
    const isKept = this.#channel !== undefined;
    try {
      return await this.#ask(plaintext, aad);
    } catch (error) {
      this.#channel = undefined;
      this.#cookies.clear();
      if (!isKept || (error as Partial<ServiceError>).code !== status.PERMISSION_DENIED) throw error;
      return this.#ask(plaintext, aad);
    }
  }

  async #ask(plaintext: Uint8Array, aad: Uint8Array): Promise<Fields> {
    this.#channel ??= await this.#attest();
    const { id } = this.#channel;
    const sealed = this.#channel.seal(aad, plaintext);
    const request = new Message().bytes(1, aad).bytes(2, id).bytes(3, sealed).encode();
    const answer = read(await this.#caller.call(`/${this.#service}/${this.#method}`, request, this.#cookies));
    return read(this.#channel.open(bytes(answer, 1), bytes(answer, 3)));
  }

  async #attest(): Promise<Channel> {
    const { sent, finish } = beginHandshake(this.#responderId);
    const request = new Message().bytes(1, sent).encode();
    const answer = read(await this.#caller.call(`/${this.#service}/Auth`, request, this.#cookies));
    return finish(bytes(answer, 1), verifySimulated);
  }
}

/** Blocks from `start` up to, and without, `end`. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

const rangesOf = (fields: Fields, field: number): Range[] =>
  messages(fields, field).map((range) => ({ start: number(range, 1), end: number(range, 2) }));

/** What Fog View answers. */
export interface ViewAnswer {
  readonly blockCount: bigint;
  readonly nextEvent: bigint;
  readonly missed: readonly Range[];
  /** Egress public keys of sequences that began. */
  readonly egressKeys: readonly Uint8Array[];
  /** One for each key: a record, still encrypted, or undefined. */
  readonly records: readonly (Uint8Array | undefined)[];
}

const NO_EVENTS = 2n ** 63n - 1n;
const FOUND = 1n;
const NOT_FOUND = 2n;

/** One Fog, for one wallet. */
export class Fog {
  readonly #caller: Caller;
  readonly #view: Attested;
  readonly #keyImages: Attested;

  constructor(caller: Caller, responderId: string) {
    this.#caller = caller;
    this.#view = new Attested(caller, responderId, "fog_view.FogViewAPI", "Query");
    this.#keyImages = new Attested(caller, responderId, "fog_ledger.FogKeyImageAPI", "CheckKeyImages");
  }

  /** Events after a cursor, without keys; or what stands under keys, without events. Rejects when a key is not answered. */
  async view(cursor: bigint | undefined, blockCount: bigint, keys: readonly Uint8Array[]): Promise<ViewAnswer> {
    const aad = new Message()
      .varint(1, cursor ?? NO_EVENTS)
      .varint(2, blockCount)
      .encode();
    const question = new Message();
    for (const key of keys) question.bytes(1, key);
    const answer = await this.#view.ask(question.encode(), aad);
    const results = messages(answer, 10);
    if (results.length !== keys.length) throw new Error("Fog View answers another number of keys.");
    const records = results.map((result, i) => {
      if (Buffer.compare(bytes(result, 1), keys[i] ?? new Uint8Array()) !== 0) throw new Error("Answers are mixed up.");
      const code = number(result, 2);
      if (code !== FOUND && code !== NOT_FOUND) throw new Error(`Fog View answers a key with ${code}.`);
      return code === FOUND ? bytes(result, 3).subarray(0, Number(number(result, 4))) : undefined;
    });
    return {
      blockCount: number(answer, 1),
      nextEvent: number(answer, 3),
      missed: rangesOf(answer, 4),
      egressKeys: messages(answer, 5).map((record) => {
        const pubkey = message(record, 2);
        if (number(pubkey, 2) !== 0n) throw new Error("Search keys are of a newer kind.");
        return bytes(pubkey, 1);
      }),
      records,
    };
  }

  /** In which block each key image was spent, if in any below the block count. */
  async keyImages(
    images: readonly Uint8Array[],
  ): Promise<{ readonly blockCount: bigint; readonly spentAt: readonly (bigint | undefined)[] }> {
    const question = new Message();
    for (const image of images) {
      question.message(1, new Message().message(1, new Message().bytes(1, image).encode()).encode());
    }
    const answer = await this.#keyImages.ask(question.encode());
    const results = messages(answer, 3);
    if (results.length !== images.length) throw new Error("Fog Ledger answers another number of key images.");
    const spentAt = results.map((result) => {
      const code = number(result, 5);
      if (code !== 1n && code !== 2n) throw new Error("Fog Ledger does not know of a key image.");
      return code === 1n ? number(result, 2) : undefined;
    });
    return { blockCount: number(answer, 1), spentAt };
  }

  /** Those of some blocks that there are, each with its outputs and the index of the first one. */
  async blocks(ranges: readonly Range[]) {
    const question = new Message();
    for (const { start, end } of ranges) question.message(1, new Message().varint(1, start).varint(2, end).encode());
    const answer = read(await this.#caller.call("/fog_ledger.FogBlockAPI/GetBlocks", question.encode()));
    return messages(answer, 1).map((block) => {
      const outputs = messages(block, 3);
      return { index: number(block, 1), first: number(block, 2) - BigInt(outputs.length), outputs };
    });
  }
}
