// The streaming API of a router as a client has it: one stream for a session, messages in turn.
import { create } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { beginChannel, Session } from "@fogbow/core-attest";
import {
  AuthMessageSchema,
  FogViewRouterAPI,
  type FogViewRouterRequest,
  FogViewRouterRequestSchema,
  type FogViewRouterResponse,
  MessageSchema,
} from "@fogbow/core-wire";
import { parseServiceUri, serviceClient } from "@fogbow/server";
import { random, TestClient, type TestRouter } from "./deployment.ts";

/** What can be sent on a stream. */
export type StreamRequest = FogViewRouterRequest["requestData"];

/** A stream that is open. */
export class ViewStream {
  readonly #outgoing = new Outgoing();
  readonly #answers: AsyncIterator<FogViewRouterResponse>;
  readonly #close: () => void;

  constructor({ responderId }: TestRouter) {
    const uri = parseServiceUri(`insecure-fog-view://${responderId}/`, "fog-view");
    const connection = serviceClient(uri, { chainId: "local", timeoutMs: 20_000, answerBytesMax: 16_777_216 });
    const client: Client<typeof FogViewRouterAPI> = createClient(FogViewRouterAPI, connection.transport);
    this.#answers = client.request(this.#outgoing)[Symbol.asyncIterator]();
    this.#close = connection.close;
  }

  /** Sends a message and waits for its answer. Rejects with the code that ends the stream. */
  async ask(requestData: StreamRequest): Promise<FogViewRouterResponse["responseData"]> {
    this.#outgoing.add(create(FogViewRouterRequestSchema, { requestData }));
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("The stream has ended.");
    return value.responseData;
  }

  /** Begins a session, whose queries go by this stream. */
  async attest(responderId: string): Promise<TestClient> {
    const pending = beginChannel({ responderId }, { random });
    const answer = await this.ask({ case: "auth", value: create(AuthMessageSchema, { data: pending.request }) });
    if (answer.case !== "auth") throw new Error("A handshake is answered with a handshake.");
    const { keys } = await pending.finish(answer.value.data, () => undefined);
    const query = async (message: Parameters<TestClient["open"]>[0]) => {
      const answered = await this.ask({ case: "query", value: create(MessageSchema, message) });
      if (answered.case !== "query") throw new Error("A query is answered with an answer.");
      return answered.value;
    };
    return new TestClient({ query: query as never }, new Session(keys)); // A query alone is asked for.
  }

  close(): void {
    this.#outgoing.end();
    this.#close();
  }
}

/** Messages that are sent when they are added. */
class Outgoing implements AsyncIterable<FogViewRouterRequest> {
  readonly #waiting: FogViewRouterRequest[] = [];
  #isOver = false;
  #wake: () => void = () => undefined;

  add(request: FogViewRouterRequest): void {
    this.#waiting.push(request);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FogViewRouterRequest, void, undefined> {
    while (!this.#isOver || this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
