// `remote_wallet.RemoteWalletApi` (spec 03 §9.2), by a client that shares nothing with this repository but the specification. Listens
// on the port that it is given, prints it as JSON when it does, and ends at SIGTERM.
import {
  Client,
  credentials,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import { Caller, Fog } from "./fog.ts";
import { accountKeys } from "./group.ts";
import { type Fields, Message, number, read, text } from "./protobuf.ts";
import { Wallet } from "./wallet.ts";

/** How long something that fails is tried again within one check. */
const CHECK_MS = 15_000;
const PAUSE_MS = 200;
const EMPTY = new Uint8Array();

const wallets = new Map<number, Wallet>();
const clients = new Map<string, Client>();
let nextId = 1;

/** A refusal with its status. */
class Refused extends Error {
  readonly code: status;

  constructor(code: status, reason: string) {
    super(reason);
    this.code = code;
  }
}

const METHODS: Readonly<Record<string, (request: Fields) => Promise<Uint8Array>>> = {
  FreshBalanceCheck: async (request) => {
    const wallet = new Wallet(
      fogAt(text(request, 2), text(request, 4)),
      accountKeys(text(request, 1), Number(number(request, 3))),
    );
    const checked = await check(wallet);
    const id = nextId++;
    wallets.set(id, wallet);
    return answerOf(id, checked);
  },
  FollowupBalanceCheck: async (request) => {
    const [id, wallet] = walletOf(request);
    return answerOf(id, await check(wallet));
  },
  Stop: async (request) => {
    wallets.delete(walletOf(request)[0]);
    return EMPTY;
  },
  Debug: async (request) => new Message().text(1, walletOf(request)[1].describe()).encode(),
  Reset: async () => {
    wallets.clear();
    return EMPTY;
  },
};

function fogAt(uri: string, chainId: string): Fog {
  const [, host] = /^insecure-fog:\/\/([^/?#]+)\/?$/.exec(uri) ?? [];
  if (host === undefined)
    throw new Refused(status.INVALID_ARGUMENT, "A URI such as insecure-fog://localhost:3225 is needed.");
  const address = /:\d+$/.test(host) ? host : `${host}:3225`;
  const client = clients.get(address) ?? new Client(address, credentials.createInsecure());
  clients.set(address, client);
  return new Fog(new Caller(client, chainId), address);
}

function walletOf(request: Fields): [number, Wallet] {
  const id = Number(number(request, 1));
  const wallet = wallets.get(id);
  if (wallet === undefined) throw new Refused(status.INVALID_ARGUMENT, `There is no wallet ${id}.`);
  return [id, wallet];
}

/** Polls until nothing fails, for a while. */
async function check(wallet: Wallet): ReturnType<Wallet["poll"]> {
  const deadline = Date.now() + CHECK_MS;
  for (;;) {
    try {
      return await wallet.poll();
    } catch (error) {
      if (Date.now() > deadline) throw new Refused(status.UNAVAILABLE, String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

const answerOf = (id: number, { balance, blockCount }: Awaited<ReturnType<Wallet["poll"]>>): Uint8Array =>
  new Message().varint(1, id).varint(2, balance).varint(3, blockCount).encode();

const definition: ServiceDefinition = Object.fromEntries(
  Object.keys(METHODS).map((name) => [
    name,
    {
      path: `/remote_wallet.RemoteWalletApi/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: Uint8Array) => Buffer.from(message),
      requestDeserialize: (message: Buffer) => read(Uint8Array.from(message)),
      responseSerialize: (message: Uint8Array) => Buffer.from(message),
      responseDeserialize: (message: Buffer) => Uint8Array.from(message),
    },
  ]),
);

const implementation = Object.fromEntries(
  Object.entries(METHODS).map(([name, run]): [string, handleUnaryCall<Fields, Uint8Array>] => [
    name,
    (call, answer) => {
      run(call.request).then(
        (message) => answer(null, message),
        (error: unknown) =>
          answer({
            code: error instanceof Refused ? error.code : status.INTERNAL,
            details: error instanceof Error ? error.message : String(error),
          }),
      );
    },
  ]),
);

const server = new Server();
server.addService(definition, implementation);
server.bindAsync(`127.0.0.1:${process.argv[2] ?? 9090}`, ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ client: port })}\n`);
});
process.once("SIGTERM", () => process.exit());
