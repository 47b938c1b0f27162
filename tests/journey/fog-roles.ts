// How each role of Fog is started: with the same arguments every time, whoever of the others runs.
import { join } from "node:path";

/** The roles of a deployment, each in an order in which it may be started; any other will do as well. */
export const ROLES = [
  "database",
  "ingest",
  "report",
  "view-store",
  "view-router",
  "key-image-store",
  "ledger-router",
] as const;

/** Roles of a deployment in which somebody takes over from ingest. */
export const MORE_ROLES = ["standby", "overseer", "second-overseer"] as const;

/** One of them. */
export type RoleName = (typeof ROLES)[number] | (typeof MORE_ROLES)[number];

/** Ports that a deployment needs. */
export const PLACES = [
  "report",
  "ingest",
  "peer",
  "database",
  "viewStore",
  "view",
  "imageStore",
  "ledger",
  "standby",
  "standbyPeer",
  "overseer",
  "secondOverseer",
] as const;

/** The name of the chain that tests grow. */
export const CHAIN_ID = "journey";

/** What roles have in common. */
export interface Setting {
  readonly folder: string;
  readonly chainId: string;
  readonly ports: Readonly<Record<(typeof PLACES)[number], number>>;
  /** The recovery database, where it is not a role. */
  readonly databaseUrl: string | undefined;
  /** Whether there is a second ingest server. */
  readonly isOverseen: boolean;
}

/** Where a deployment's ledger is. */
export const ledgerPlaces = (folder: string): readonly string[] => [
  ...["--ledger-db", join(folder, "ledger"), "--watcher-db", join(folder, "watcher")],
];

/** What ingest keeps across a restart, and what its standby does. */
export const stateFile = (folder: string, name: "ingest" | "standby"): string => join(folder, `${name}-state`);

/** Where the recovery database is. */
const databaseUrlOf = ({ databaseUrl, ports }: Setting): string =>
  databaseUrl ?? `postgres://fogbow@127.0.0.1:${ports.database}/postgres`;

/** What `fogbow` is told to be a role. */
export function roleArguments(name: RoleName, setting: Setting): readonly string[] {
  const { folder, ports } = setting;
  const at = (place: string): string => join(folder, place);
  const chain = ["--chain-id", setting.chainId, "--log-level", "error"];
  const database = ["--database-url", databaseUrlOf(setting)];
  const listen = (scheme: string, port: number): readonly string[] => [
    ...["--client-listen-uri", `insecure-${scheme}://127.0.0.1:${port}/`],
  ];
  switch (name) {
    case "database":
      return ["db", "serve", "--database-folder", at("db"), "--port", `${ports.database}`, "--json"];
    case "ingest":
      return [...ingestArguments("ingest", ports.ingest, ports.peer, setting), ...database, ...chain];
    case "standby":
      return [...ingestArguments("standby", ports.standby, ports.standbyPeer, setting), ...database, ...chain];
    case "report":
      return [
        ...["fog", "report", ...listen("fog", ports.report), "--signing-chain", at("authority/chain.pem")],
        ...["--signing-key", at("authority/key.pem"), ...database, ...chain],
      ];
    case "view-store":
      return [
        ...["fog", "view-store", ...listen("fog-view-store", ports.viewStore), "--omap-capacity", "4096"],
        ...[...database, ...chain],
      ];
    case "view-router":
      return [
        ...[
          "fog",
          "view-router",
          ...listen("fog-view", ports.view),
          "--client-responder-id",
          `localhost:${ports.view}`,
        ],
        ...["--shard-uris", `insecure-fog-view-store://127.0.0.1:${ports.viewStore}/?sharding_strategy=default`],
        ...chain,
      ];
    case "key-image-store":
      return [
        ...["fog", "key-image-store", ...listen("key-image-store", ports.imageStore), "--key-image-capacity", "4096"],
        ...[...ledgerPlaces(folder), ...chain],
      ];
    case "ledger-router":
      return [
        ...["fog", "ledger-router", ...listen("fog-ledger", ports.ledger)],
        ...["--client-responder-id", `localhost:${ports.ledger}`, "--output-capacity", "4096"],
        ...["--shard-uris", `insecure-key-image-store://127.0.0.1:${ports.imageStore}/`],
        ...[...ledgerPlaces(folder), ...chain],
      ];
    case "overseer":
      return [...overseerArguments(ports.overseer, setting), ...database];
    case "second-overseer":
      return [...overseerArguments(ports.secondOverseer, setting), ...database];
  }
}

function ingestArguments(
  name: "ingest" | "standby",
  clientPort: number,
  peerPort: number,
  { folder, ports, isOverseen }: Setting,
): readonly string[] {
  const peers = isOverseen ? [ports.peer, ports.standbyPeer] : [peerPort];
  return [
    ...["fog", "ingest", "--client-listen-uri", `insecure-fog-ingest://127.0.0.1:${clientPort}/`],
    ...["--peer-listen-uri", `insecure-igp://127.0.0.1:${peerPort}/`],
    ...["--peers", peers.map((port) => `insecure-igp://127.0.0.1:${port}/`).join(",")],
    ...["--state-file", stateFile(folder, name), "--user-capacity", "4096", ...ledgerPlaces(folder)],
  ];
}

function overseerArguments(port: number, { ports, chainId }: Setting): readonly string[] {
  const ingest = [ports.ingest, ports.standby].map((each) => `insecure-fog-ingest://127.0.0.1:${each}/`);
  return [
    ...["fog", "overseer", "--admin-listen-uri", `insecure-mca://127.0.0.1:${port}/`, "--chain-id", chainId],
    ...["--ingest-cluster-uris", ingest.join(","), "--poll-interval-ms", "200", "--json"],
  ];
}
