import { equalBytes, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  AttestError,
  AttestedChannel,
  type AttestedChannelParts,
  type CallSignal,
  type ChannelCall,
  ChannelResponder,
  type ChannelTransport,
  KeyPair,
  type PeerEvidence,
  type SealedMessage,
  Session,
} from "../../src/index.ts";
import { evidenceFor, expectRejection, flipBit, RESPONDER_ID, randomFrom } from "./support.ts";

const random = randomFrom("attested-channel");

/** A server with an enclave that upper-cases what it is sent, and the log of what it saw. */
class Server implements ChannelTransport<ChannelCall> {
  /** What was called, in order. */
  readonly log: ("auth" | "send" | "forget")[] = [];
  /** All bytes that have left the client. */
  readonly sent: Uint8Array[] = [];
  enclave: ChannelResponder = Server.start();
  /** Called with each response before it goes out. */
  alter: (response: SealedMessage) => SealedMessage | Promise<SealedMessage> = (response) => response;
  /** Calls that are denied before anything looks at them. */
  deny: { auth: number; send: number } = { auth: 0, send: 0 };

  static start(): ChannelResponder {
    const staticKey = KeyPair.random(random);
    const evidence = evidenceFor(staticKey.publicKey);
    return new ChannelResponder({ responderId: RESPONDER_ID }, { staticKey, evidence: () => evidence, random });
  }

  async auth(request: Uint8Array): Promise<Uint8Array> {
    this.log.push("auth");
    this.sent.push(request);
    if (this.deny.auth-- > 0) throw denied();
    return this.enclave.auth(request);
  }

  async send(request: SealedMessage): Promise<SealedMessage> {
    this.log.push("send");
    this.sent.push(request.data, request.aad);
    await Promise.resolve();
    if (this.deny.send-- > 0) throw denied();
    const opened = this.#open(request);
    return this.alter(
      opened.reply(
        opened.plaintext.map((byte) => byte - 32),
        opened.aad,
      ),
    );
  }

  forget(): void {
    this.log.push("forget");
  }

  #open(request: SealedMessage): ReturnType<ChannelResponder["open"]> {
    try {
      return this.enclave.open(request);
    } catch (cause) {
      throw denied(cause);
    }
  }
}

function denied(cause?: unknown): AttestError {
  return new AttestError("permission-denied", "Permission denied", { cause });
}

type Parts = AttestedChannelParts<ChannelCall, string>;

function channelTo(server: Server, parts: Partial<Parts> = {}): AttestedChannel<ChannelCall, string> {
  const verify = (): string => "convinced";
  return new AttestedChannel(
    { responderId: RESPONDER_ID },
    { transport: server, verify, isExpired: () => false, random, ...parts },
  );
}

const ask = async (channel: AttestedChannel<ChannelCall, string>, text: string, call: ChannelCall = {}) =>
  new TextDecoder().decode((await channel.request({ plaintext: utf8(text) }, call)).plaintext);

describe("a channel to a server", () => {
  test("attests once, and then carries call after call with their additional data", async () => {
    const server = new Server();
    const channel = channelTo(server);
    expect(channel.verdict).toBeUndefined();
    expect(await ask(channel, "one")).toBe("ONE");
    expect(await ask(channel, "two")).toBe("TWO");
    const { aad } = await channel.request({ plaintext: utf8("three"), aad: utf8("aad") }, {});
    expect(aad).toEqual(utf8("aad"));
    expect(server.log).toEqual(["auth", "send", "send", "send"]);
    expect(channel.verdict).toBe("convinced");
  });

  test("sends calls made at once one after another, in their order", async () => {
    const server = new Server();
    const channel = channelTo(server);
    const texts = Array.from({ length: 20 }, (_, i) => `call ${i}`);
    expect(await Promise.all(texts.map((text) => ask(channel, text)))).toEqual(
      texts.map((text) => new TextDecoder().decode(utf8(text).map((byte) => byte - 32))),
    );
    expect(server.log.filter((entry) => entry === "auth")).toHaveLength(1);
  });

  test("attests without a call when asked, once", async () => {
    const server = new Server();
    const channel = channelTo(server);
    expect(await channel.attest({})).toBe("convinced");
    expect(await channel.attest({})).toBe("convinced");
    expect(server.log).toEqual(["auth"]);
  });
});

describe("before verification has succeeded", () => {
  test.each([
    "the evidence does not convince",
    "the verifier fails",
    "the evidence is of another key",
    "the answer is altered",
    "the server is another",
  ])("nothing of the caller's is sent when %s", async (because) => {
    const server = new Server();
    const secret = utf8("the recovery phrase");
    const refuse = (error: Error): Promise<never> => Promise.reject(error);
    const verify: Parts["verify"] = (evidence: PeerEvidence) => {
      expect(evidence.key).toHaveLength(32);
      expect(server.log).toEqual(["auth"]);
      if (because === "the evidence does not convince") {
        return refuse(new AttestError("measurement-unknown", "Debug is set."));
      }
      return because === "the verifier fails" ? refuse(new Error("a bug")) : "convinced";
    };
    if (because === "the evidence is of another key") {
      const staticKey = KeyPair.random(random);
      const evidence = evidenceFor(KeyPair.random(random).publicKey);
      const parts = { staticKey, evidence: () => evidence, random };
      server.enclave = new ChannelResponder({ responderId: RESPONDER_ID }, parts);
    }
    const transport: ChannelTransport<ChannelCall> = {
      auth: async (request) => {
        const answer = await server.auth(request);
        return because === "the answer is altered" ? flipBit(answer, 777) : answer;
      },
      send: (request) => server.send(request),
      forget: () => server.forget(),
    };
    const responderId = because === "the server is another" ? "node2.test.example:443" : RESPONDER_ID;
    const channel = new AttestedChannel({ responderId }, { transport, verify, isExpired: () => false, random });
    const codes: Record<string, string | undefined> = {
      "the evidence does not convince": "measurement-unknown",
      "the evidence is of another key": "bad-remote-identity",
      "the answer is altered": "handshake-not-decrypted",
      "the server is another": "handshake-not-decrypted",
    };
    const error = await channel.request({ plaintext: secret, aad: secret }, {}).then(
      () => expect.fail("sent"),
      (thrown: Error & { code?: string }) => thrown,
    );
    expect(error.code).toBe(codes[because]);
    expect(server.log).toEqual(["auth", "forget"]);
    expect(server.sent).toHaveLength(1);
    expect(server.sent[0]).toHaveLength(32);
    expect(channel.verdict).toBeUndefined();
  });
});

describe("when the server has lost the session", () => {
  test("the channel attests afresh without the old cookies and repeats the call once", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    server.enclave = Server.start();
    expect(await ask(channel, "two")).toBe("TWO");
    expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send"]);
  });

  test("a second denial of the same call is the server's error, and so is the denial of a fresh session", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    server.deny.send = 2;
    await expectRejection("server-refused", ask(channel, "two"));
    expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send", "forget"]);

    const fresh = new Server();
    fresh.deny.send = 1;
    const { cause } = await expectRejection("server-refused", ask(channelTo(fresh), "one"));
    expect(cause).toBeInstanceOf(AttestError);
    expect(fresh.log).toEqual(["auth", "send", "forget"]);
  });

  test("a denied handshake is the server's error, and the next call tries again", async () => {
    const server = new Server();
    server.deny.auth = 1;
    const channel = channelTo(server);
    await expectRejection("server-refused", ask(channel, "one"));
    expect(server.log).toEqual(["auth", "forget"]);
    expect(await ask(channel, "one")).toBe("ONE");
  });

  test("calls that wait meanwhile are sent in the new session", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "zero");
    server.enclave = Server.start();
    expect(await Promise.all(["one", "two", "three"].map((text) => ask(channel, text)))).toEqual([
      "ONE",
      "TWO",
      "THREE",
    ]);
    expect(server.log.filter((entry) => entry === "auth")).toHaveLength(2);
  });
});

describe("a response that is not the one", () => {
  const spoil: [string, (response: SealedMessage, earlier: SealedMessage) => SealedMessage, string][] = [
    ["altered", (response) => ({ ...response, data: flipBit(response.data, 0) }), "message-not-decrypted"],
    ["with other additional data", (response) => ({ ...response, aad: utf8("x") }), "message-not-decrypted"],
    ["repeated", (_, earlier) => earlier, "message-not-decrypted"],
    ["cut", (response) => ({ ...response, data: response.data.subarray(0, 8) }), "message-too-short"],
    ["of another session", (response) => ({ ...response, channelId: new Uint8Array(64) }), "channel-id-mismatch"],
  ];

  test.each(spoil)(
    "%s ends the session: it is not repeated, and the next call attests anew",
    async (_, alter, code) => {
      const server = new Server();
      const channel = channelTo(server);
      const responses: SealedMessage[] = [];
      server.alter = (response) => {
        responses.push(response);
        return response;
      };
      await ask(channel, "one");
      server.alter = (response) => alter(response, responses[0] as SealedMessage); // The first call has left one.
      const error = await ask(channel, "two").then(
        () => expect.fail("opened"),
        (thrown: AttestError) => thrown,
      );
      expect(error.code).toBe(code);
      server.alter = (response) => response;
      expect(await ask(channel, "three")).toBe("THREE");
      expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send"]);
    },
  );

  test("also when the transport fails, since the request may have arrived", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    server.alter = () => Promise.reject(new Error("connection reset"));
    await expect(ask(channel, "two")).rejects.toThrow("connection reset");
    server.alter = (response) => response;
    expect(await ask(channel, "three")).toBe("THREE");
    expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send"]);
  });
});

describe("the end of a channel", () => {
  test("an expired verdict is not relied on: the server shows its evidence again", async () => {
    const server = new Server();
    let time = 0;
    const parts = {
      verify: () => `until ${time + 10}`,
      isExpired: (verdict: string) => time > Number(verdict.slice(6)),
    };
    const channel = channelTo(server, parts);
    await ask(channel, "one");
    time = 10;
    await ask(channel, "two");
    time = 11;
    await ask(channel, "three");
    expect(channel.verdict).toBe("until 21");
    expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send"]);
  });

  test("a call that is aborted before its turn sends nothing and leaves the session", async () => {
    const server = new Server();
    const channel = channelTo(server);
    const controller = new AbortController();
    const first = ask(channel, "one");
    const second = ask(channel, "two", { signal: controller.signal });
    controller.abort(new Error("too late"));
    await expect(second).rejects.toThrow("too late");
    expect(await first).toBe("ONE");
    expect(await ask(channel, "three")).toBe("THREE");
    expect(server.log).toEqual(["auth", "send", "send"]);
  });

  test("after closing, calls are refused, those that wait too, and the keys are gone", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    const waiting = ask(channel, "two");
    channel.close();
    await expectRejection("channel-closed", waiting);
    await expectRejection("channel-closed", ask(channel, "three"));
    channel.close();
    expect(server.log).toEqual(["auth", "send", "forget"]);
    expect(channel.verdict).toBeUndefined();
  });

  test("closing during a handshake or a call ends it", async () => {
    const server = new Server();
    const channel = channelTo(server, {
      verify: () => {
        channel.close();
        return "convinced";
      },
    });
    await expectRejection("channel-closed", ask(channel, "one"));
    expect(server.log).toEqual(["auth", "forget"]);

    const other = new Server();
    const second = channelTo(other);
    other.alter = (response) => {
      second.close();
      return response;
    };
    await expectRejection("channel-closed", ask(second, "one"));
  });

  test("closing at any moment of a handshake leaves no session and sends nothing more", async () => {
    for (let moments = 0; moments < 12; moments++) {
      const server = new Server();
      const channel = channelTo(server, {
        verify: async () => {
          void (async () => {
            for (let i = 0; i < moments; i++) await undefined;
            channel.close();
          })();
          return "convinced";
        },
      });
      const outcome = await channel.attest({}).catch((error: AttestError) => error.code);
      expect(["channel-closed", "convinced"]).toContain(outcome); // Attested, when it was over before.
      await new Promise((resolve) => setImmediate(resolve));
      expect(channel.verdict, `${moments}`).toBeUndefined();
      expect(server.log).toEqual(["auth", "forget"]);
    }
  });

  test("closing while a session is denied starts no other", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    server.alter = () => {
      channel.close();
      throw denied();
    };
    await expectRejection("channel-closed", ask(channel, "two"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.log).toEqual(["auth", "send", "send", "forget"]);
  });

  test("every way in which a session ends overwrites its keys", async () => {
    const close = vi.spyOn(Session.prototype, "close");
    try {
      const server = new Server();
      let expired = false;
      const channel = channelTo(server, { isExpired: () => expired });
      await ask(channel, "one");
      server.alter = () => Promise.reject(new Error("connection reset"));
      await expect(ask(channel, "two")).rejects.toThrow("connection reset");
      expect(close).toHaveBeenCalledTimes(1);
      server.alter = (response) => response;
      await ask(channel, "three");
      expired = true;
      await ask(channel, "four");
      expect(close).toHaveBeenCalledTimes(2);
      channel.close();
      expect(close).toHaveBeenCalledTimes(3);
    } finally {
      close.mockRestore();
    }
  });

  test.each(["auth", "send"] as const)(
    "closing refuses all calls and overwrites all keys, also when %s never answers",
    async (silent) => {
      const server = new Server();
      const never = new Promise<never>(() => undefined);
      const drawn: Uint8Array[] = [];
      const transport: ChannelTransport<ChannelCall> = {
        auth: (request) => (silent === "auth" ? never : server.auth(request)),
        send: () => never,
        forget: () => server.forget(),
      };
      const channel = channelTo(server, {
        transport,
        random: (length) => {
          const bytes = random(length);
          drawn.push(bytes);
          return bytes;
        },
      });
      const calls = [ask(channel, "one"), ask(channel, "two")].map((call) => expectRejection("channel-closed", call));
      await new Promise((resolve) => setImmediate(resolve));
      channel.close();
      await Promise.all(calls);
      expect(drawn).toEqual([new Uint8Array(32)]);
    },
  );

  test("a call that is aborted is told at once, though an earlier one gets no answer", async () => {
    const server = new Server();
    const never = new Promise<never>(() => undefined);
    const transport = { auth: () => never, send: () => never, forget: () => undefined };
    const channel = channelTo(server, { transport });
    const [first, second] = [new AbortController(), new AbortController()];
    const one = ask(channel, "one", { signal: first.signal });
    const two = ask(channel, "two", { signal: second.signal });
    second.abort(new Error("second"));
    await expect(two).rejects.toThrow("second");
    const three = ask(channel, "three", { signal: second.signal });
    await expect(three).rejects.toThrow("second");
    first.abort(new Error("first"));
    await expect(one).rejects.toThrow("first");
  });

  test("an ephemeral key is overwritten when the handshake fails, and a signal is let go of when a call is over", async () => {
    const server = new Server();
    const drawn: Uint8Array[] = [];
    const channel = channelTo(server, {
      random: (length) => {
        drawn.push(random(length));
        return drawn[drawn.length - 1] as Uint8Array; // It was just added.
      },
      transport: {
        auth: () => Promise.reject(new Error("no way")),
        send: (request) => server.send(request),
        forget: () => undefined,
      },
    });
    let listeners = 0;
    const signal: CallSignal = {
      aborted: false,
      addEventListener: () => {
        listeners += 1;
      },
      removeEventListener: () => {
        listeners -= 1;
      },
    };
    await expect(ask(channel, "one", { signal })).rejects.toThrow("no way");
    expect(drawn).toEqual([new Uint8Array(32)]);
    await Promise.resolve();
    expect(listeners).toBe(0);
  });

  test("a call that is aborted while the server is attested sends nothing more, and the next one uses the session", async () => {
    const server = new Server();
    const controller = new AbortController();
    const channel = channelTo(server, {
      verify: () => {
        controller.abort(new Error("changed my mind"));
        return "convinced";
      },
    });
    await expect(ask(channel, "one", { signal: controller.signal })).rejects.toThrow("changed my mind");
    expect(await ask(channel, "two")).toBe("TWO");
    expect(server.log).toEqual(["auth", "send"]);
  });

  test("a call that is aborted while its session is denied is not repeated", async () => {
    const server = new Server();
    const channel = channelTo(server);
    await ask(channel, "one");
    const controller = new AbortController();
    server.alter = () => {
      controller.abort(new Error("changed my mind"));
      throw denied();
    };
    await expect(ask(channel, "two", { signal: controller.signal })).rejects.toThrow("changed my mind");
    expect(server.log).toEqual(["auth", "send", "send", "forget"]);
    server.alter = (response) => response;
    expect(await ask(channel, "three")).toBe("THREE");
    expect(server.log).toEqual(["auth", "send", "send", "forget", "auth", "send"]);
  });

  test.each([undefined, null, "text", 0, Object.create(null) as object, { code: "permission-denied" }])(
    "a transport that throws %j is reported as it is, and the channel goes on",
    async (thrown) => {
      const server = new Server();
      const channel = channelTo(server);
      await ask(channel, "one");
      server.alter = () => Promise.reject(thrown);
      const outcome = await ask(channel, "two").then(
        () => expect.fail("answered"),
        (error: unknown) => ({ error }),
      );
      expect(outcome.error).toBe(thrown);
      server.alter = (response) => response;
      expect(await ask(channel, "three")).toBe("THREE");
    },
  );

  test("at most 256 calls wait", async () => {
    const server = new Server();
    const channel = channelTo(server);
    const waiting = Array.from({ length: 256 }, (_, i) => ask(channel, `${i}`));
    await expectRejection("channel-busy", ask(channel, "one more"));
    await Promise.all(waiting);
    expect(await ask(channel, "one")).toBe("ONE");
  });
});

test("whatever a host does to messages, calls give the right answer or fail, and the channel recovers", async () => {
  type Deed = "pass" | "drop" | "alter" | "replay" | "restart" | "deny";
  const deeds = fc.array(fc.constantFrom<Deed>("pass", "drop", "alter", "replay", "restart", "deny"), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(deeds, async (script) => {
      const server = new Server();
      const channel = channelTo(server);
      let last: SealedMessage | undefined;
      for (const deed of script) {
        if (deed === "restart") server.enclave = Server.start();
        if (deed === "deny") server.deny.send = 1;
        server.alter = (response) => {
          const given = deed === "replay" && last !== undefined ? last : response;
          last = response;
          if (deed === "drop") throw new Error("dropped");
          return deed === "alter" ? { ...given, data: flipBit(given.data, 9) } : given;
        };
        const outcome = await ask(channel, "ping").catch((error: Error) => error);
        if (typeof outcome === "string") expect(outcome).toBe("PING");
        else expect(["drop", "alter", "replay", "deny"]).toContain(deed);
      }
      server.alter = (response) => response;
      server.deny.send = 0;
      expect(await ask(channel, "ping")).toBe("PING");
      expect(server.sent.some((bytes) => equalBytes(bytes, utf8("ping")))).toBe(false);
    }),
    { numRuns: 60 },
  );
});
