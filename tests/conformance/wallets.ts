// The makes of wallets that the kit is run with: ours, the independent one, and any other that is served somewhere.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startRole } from "../journey/roles.ts";
import { RemoteWallet } from "./check/wallet-driver.ts";

/** Wallets that are driven, and whatever process serves them. */
export interface Wallets {
  readonly drivers: readonly RemoteWallet[];
  /** Ends connections, and the processes that were started for it. */
  readonly stop: () => Promise<void>;
}

/** `fogbow wallet serve`. */
export async function ourWallet(): Promise<Wallets> {
  const listen = ["--listen-uri", "insecure-remote-wallet://127.0.0.1:0", "--log-level", "error"];
  const role = await startRole(["wallet", "serve", "--trust-simulated", ...listen]);
  return driven("fogbow", role.facts.client, role.stop);
}

const MINI_CLIENT = fileURLToPath(new URL("mini-client/serve.ts", import.meta.url));

/** The client that was written from the specification alone. It is told nothing but which port to listen on. */
export async function independentWallet(): Promise<Wallets> {
  const child = spawn(process.execPath, ["--import", "tsx", MINI_CLIENT, "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "close");
  const line = once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text));
  const first = await Promise.race([line, gone.then(() => Promise.reject(new Error("The independent client ended.")))]);
  return driven("the independent client", JSON.parse(first).client, async () => {
    child.kill("SIGTERM");
    await gone;
  });
}

/** Wallets that somebody else serves. */
export function otherWallet(uri: string): Wallets {
  const driver = new RemoteWallet(uri, uri);
  return { drivers: [driver], stop: async () => driver.close() };
}

/** All of some. */
export function together(all: readonly Wallets[]): Wallets {
  return {
    drivers: all.flatMap(({ drivers }) => drivers),
    stop: async () => {
      await Promise.all(all.map(({ stop }) => stop()));
    },
  };
}

function driven(name: string, port: string | number | undefined, stop: () => Promise<void>): Wallets {
  const driver = new RemoteWallet(name, `insecure-remote-wallet://127.0.0.1:${port}`);
  return {
    drivers: [driver],
    stop: async () => {
      driver.close();
      await stop();
    },
  };
}
