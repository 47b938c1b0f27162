// What is refused where real money is (spec 05 §1.1, §4.2).
import { isIP } from "node:net";
import { lintQuorumSet } from "@fogbow/core-scp";
import { ConfigError, type ConfigPlace } from "./error.ts";
import type { NetworkConfig } from "./network-config.ts";
import { type NodeUri, shownUri } from "./node-uri.ts";

/** Whether a chain is of real money: each is, unless its name says that it is not. */
export function isProductionChain(chainId: string): boolean {
  return !/^(?:local|test|testnet|dev|development)(?:$|[-_.0-9])/.test(chainId);
}

/** Refuses clear text where others can connect. Throws `insecure-listener`. */
export function assertListener(uri: NodeUri, chainId: string, place: ConfigPlace): void {
  if (uri.isSecure || isLoopback(uri.host) || !isProductionChain(chainId)) return;
  const shown = shownUri(uri);
  const message = `${shown} is clear text, open to others, and ${chainId} is a chain of real money: use TLS or loopback.`;
  throw new ConfigError("insecure-listener", place, message, { values: [shown, chainId] });
}

/** Refuses a quorum set that two groups could satisfy at once. Throws `weak-quorum-set`. */
export function assertQuorumStrength(network: NetworkConfig, chainId: string, place: ConfigPlace): void {
  if (!isProductionChain(chainId)) return;
  const [weak] = lintQuorumSet(network.quorumSet);
  if (weak === undefined) return;
  const message = `A threshold of ${weak.threshold} of ${weak.members} is below a majority, and ${chainId} is a chain of real money.`;
  throw new ConfigError("weak-quorum-set", place, message, {
    values: [`${weak.threshold} of ${weak.members}`, chainId],
  });
}

/** Whether only this machine reaches a host. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
