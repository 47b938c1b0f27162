// Prints the bounds of every RPC into docs/limits.md, from the tables that the servers themselves read. With `--check` it
// prints nothing and fails when the page says something else.
import type { DescService } from "@bufbuild/protobuf";
import {
  AccountIngestAPI,
  AccountIngestPeerAPI,
  AttestedApi,
  BlockchainAPI,
  ConsensusClientAPI,
  ConsensusPeerAPI,
  FaucetAPI,
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  FogUntrustedTxOutApi,
  FogViewAPI,
  FogViewRouterAdminAPI,
  FogViewRouterAPI,
  FogViewStoreAPI,
  KeyImageStoreAPI,
  LedgerAPI,
  LedgerRouterAdminAPI,
  OutputLookupAPI,
  PeerAPI,
  RemoteWalletApi,
  ReportAPI,
  StatusAPI,
  WatchAPI,
} from "../core/wire/src/index.ts";
import { FAUCET_LIMITS } from "../network/src/up/limits.ts";
import { REMOTE_WALLET_LIMITS } from "../network/src/wallet/wallet-rpc-limits.ts";
import { INGEST_LIMITS, INGEST_PEER_LIMITS } from "../services/fog-ingest/src/rpc/ingest-rpc-limits.ts";
import { ROUTER_LIMITS, STORE_LIMITS } from "../services/fog-ledger/src/rpc/ledger-rpc-limits.ts";
import { REPORT_LIMITS } from "../services/fog-report/src/report-rpc-limits.ts";
import { FOG_VIEW_LIMITS } from "../services/fog-view/src/rpc-limits.ts";
import { CLIENT_LIMITS, PEER_LIMITS, STATUS_LIMITS } from "../services/node/src/server/node-rpc-limits.ts";
import { COMMON_LIMITS, COMMON_SERVICES, type RpcLimits } from "../services/server/src/rpc-limits.ts";
import { makePart } from "./made-page.ts";

makePart({ page: "docs/limits.md", mark: "rpc-limits", text: table() });

function table(): string {
  const head = "| RPC | request bytes | response bytes | deadline, ms | at one time | waiting |";
  return [head, "|---|---|---|---|---|---|", ...served().flatMap(rows)].join("\n");
}

/** A service with its bounds, and with whom it is for where that makes a difference. */
interface Bounded {
  readonly service: DescService;
  readonly limits: Readonly<Record<string, RpcLimits>>;
  readonly who?: string;
}

function served(): Bounded[] {
  const common = (Object.keys(COMMON_LIMITS) as (keyof typeof COMMON_LIMITS)[]).map((name) => ({
    service: COMMON_SERVICES[name],
    limits: COMMON_LIMITS[name],
  }));
  return [
    ...common,
    { service: AttestedApi, limits: CLIENT_LIMITS.attested, who: "a node's clients" },
    { service: ConsensusClientAPI, limits: CLIENT_LIMITS.consensus },
    { service: AttestedApi, limits: PEER_LIMITS.attested, who: "a node's peers" },
    { service: ConsensusPeerAPI, limits: PEER_LIMITS.consensus },
    { service: PeerAPI, limits: PEER_LIMITS.peer },
    { service: BlockchainAPI, limits: CLIENT_LIMITS.blockchain },
    { service: WatchAPI, limits: CLIENT_LIMITS.watch },
    { service: StatusAPI, limits: STATUS_LIMITS },
    { service: AccountIngestAPI, limits: INGEST_LIMITS },
    { service: AttestedApi, limits: INGEST_PEER_LIMITS.attested, who: "an ingest server's peers" },
    { service: AccountIngestPeerAPI, limits: INGEST_PEER_LIMITS.peer },
    { service: ReportAPI, limits: REPORT_LIMITS },
    { service: RemoteWalletApi, limits: REMOTE_WALLET_LIMITS },
    { service: FaucetAPI, limits: FAUCET_LIMITS },
    { service: KeyImageStoreAPI, limits: STORE_LIMITS },
    { service: LedgerAPI, limits: ROUTER_LIMITS.ledger },
    { service: FogKeyImageAPI, limits: ROUTER_LIMITS.keyImages },
    { service: FogMerkleProofAPI, limits: ROUTER_LIMITS.proofs },
    { service: OutputLookupAPI, limits: ROUTER_LIMITS.lookup },
    { service: FogBlockAPI, limits: ROUTER_LIMITS.blocks },
    { service: FogUntrustedTxOutApi, limits: ROUTER_LIMITS.txOuts },
    { service: LedgerRouterAdminAPI, limits: ROUTER_LIMITS.admin },
    { service: FogViewAPI, limits: FOG_VIEW_LIMITS.unary },
    { service: FogViewRouterAPI, limits: FOG_VIEW_LIMITS.streaming },
    { service: FogViewStoreAPI, limits: FOG_VIEW_LIMITS.store },
    { service: FogViewRouterAdminAPI, limits: FOG_VIEW_LIMITS.admin },
  ];
}

function rows({ service, limits, who }: Bounded): string[] {
  return service.methods.map((method) => {
    const { requestBytesMax, responseBytesMax, deadlineMs, concurrencyMax, queueMax } = limits[
      method.localName
    ] as RpcLimits; // One each.
    const cells = [requestBytesMax, responseBytesMax, deadlineMs, concurrencyMax, queueMax].map(spaced);
    const name = `\`${service.typeName}/${method.name}\`${who === undefined ? "" : `, ${who}`}`;
    return `| ${name} | ${cells.join(" | ")} |`;
  });
}

/** Groups digits by three, as the page does everywhere. */
function spaced(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
