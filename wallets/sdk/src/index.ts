export type { FogBalance } from "./account/balance.ts";
export { FogAccount, type FogAccountOptions, type FogAccountParts, type PollResult } from "./account/fog-account.ts";
export { decodeFogViewKeys, encodeFogViewKeys, type FogViewKeys, fogViewKeys } from "./account/fog-view-keys.ts";
export type { OwnedOutput, SpentStatus } from "./account/owned-output.ts";
export type { FogClientParts, FogServerOptions, HeldVerdict } from "./channel/attested-client.ts";
export { type ConnectOptions, connect, Network } from "./connect/network.ts";
export { type Trust, trustMeasurements } from "./connect/trust.ts";
export { ConsensusClient, type ConsensusClientParts } from "./consensus/consensus-client.ts";
export type { ConsensusService, NodeInfo, TxOutcome } from "./consensus/consensus-service.ts";
export { SdkError, type SdkErrorCode } from "./error.ts";
export { FogLedgerClient } from "./ledger/fog-ledger-client.ts";
export type {
  BlocksAnswer,
  KeyImageAnswer,
  KeyImageStatus,
  LedgerHeight,
  LedgerService,
  LookupAnswer,
  LookupService,
  OutputPlace,
  OutputService,
  OutputsAnswer,
  ProvenTxOut,
  ServedBlock,
} from "./ledger/ledger-service.ts";
export {
  type ReportQuestion,
  ReportResolver,
  type ReportResolverParts,
  type ReportService,
  type ResolvedReport,
} from "./report/report-resolver.ts";
export { EncryptedStore } from "./store/encrypted-store.ts";
export { IndexedDbStore } from "./store/indexed-db-store.ts";
export { MemoryStore, type WalletStore } from "./store/wallet-store.ts";
export { FogViewClient, NO_EVENTS, type ViewQuestion, type ViewService } from "./view/fog-view-client.ts";
export type { BlockRange, DecommissionEvent, RngEvent, SearchResult, ViewAnswer } from "./view/view-answer.ts";
export type { PayRequest } from "./wallet/draft.ts";
export type { EventOptions, WalletEvent } from "./wallet/events.ts";
export type { HistoryEntry } from "./wallet/history.ts";
export { Payment, type PaymentStatus } from "./wallet/payment.ts";
export {
  type PaymentCode,
  type ReadCode,
  type RequestOptions,
  readPaymentCode,
  requestCode,
} from "./wallet/payment-code.ts";
export { type Offer, type ReadOffer, readOffer, type SwapTerms } from "./wallet/swap.ts";
export {
  OfflineSigner,
  type OfflineSignerParts,
  type SeenBalance,
  type ViewOnlyOptions,
  ViewOnlyWallet,
} from "./wallet/view-only-wallet.ts";
export {
  type CreateOptions,
  type NewWallet,
  type OpenOptions,
  type OwnerOptions,
  type PhraseOptions,
  type Quote,
  Wallet,
  type WalletBalance,
  type WalletParts,
} from "./wallet/wallet.ts";
