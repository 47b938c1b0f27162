// The makes of wallets that the kit is run with: ours, the independent one, and any other that is served somewhere.
import { type Role, startRole } from "../journey/roles.ts";
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
  return driven("fogbow", await startRole(["wallet", "serve", "--trust-simulated", ...listen]));
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

function driven(name: string, role: Role): Wallets {
  const driver = new RemoteWallet(name, `insecure-remote-wallet://127.0.0.1:${role.facts.client}`);
  return {
    drivers: [driver],
    stop: async () => {
      driver.close();
      await role.stop();
    },
  };
}
