export {
  BLOCK_VERSION_MAX,
  type BlockVersion,
  type BlockVersionFeatures,
  blockVersion,
  blockVersionFeatures,
} from "./block-version.ts";
export { type BuiltOffer, buildUnsignedOffer } from "./builder/build-unsigned-offer.ts";
export { type BuiltTx, buildUnsignedTx } from "./builder/build-unsigned-tx.ts";
export { chooseDecoys, type DecoyDraw } from "./builder/choose-decoys.ts";
export { type FilledOffer, type FixedOutput, fillOffer, type OfferToFill } from "./builder/fill-offer.ts";
export { createGiftCode, giftCodeInput } from "./builder/gift-code.ts";
export type { BuiltOutput } from "./builder/make-outputs.ts";
export type { OfferPlan, PartialFill } from "./builder/offer-plan.ts";
export type { PlannedOutput } from "./builder/planned-output.ts";
export type { LedgerTxOut, TxInput } from "./builder/ring.ts";
export {
  ATTEMPT_NONCE_BYTES,
  type AttemptSeed,
  type RandomUse,
  seededRandom,
  WALLET_SECRET_BYTES_MIN,
} from "./builder/seeded-random.ts";
export { type InputChoice, type InputSelection, selectInputs } from "./builder/select-inputs.ts";
export { type BuiltOfferSigning, signBuiltOffer } from "./builder/sign-built-offer.ts";
export { type BuiltTxSigning, signBuiltTx } from "./builder/sign-built-tx.ts";
export type { FeePlan, Payment, TxLifetime, TxPlan } from "./builder/tx-plan.ts";
export { TransactionError, type TransactionErrorCode } from "./error.ts";
export {
  decodeETxOutRecord,
  type ETxOutRecord,
  encodeETxOutRecord,
  openTxOutRecord,
  sealTxOutRecord,
} from "./fog/e-tx-out-record.ts";
export { decoyFogHint, encryptFogHint, openFogHint, openFogHints } from "./fog/fog-hint.ts";
export {
  decodeKexRngPublicKey,
  decodeStoredRng,
  encodeKexRngPublicKey,
  encodeStoredRng,
} from "./fog/kex-rng-codec.ts";
export { type MatchedTxOut, matchTxOutRecord } from "./fog/match-tx-out-record.ts";
export { type PaddedPayload, padPayload, SEARCH_RESULT_BYTES, trimPayload } from "./fog/search-result.ts";
export {
  createTxOutRecord,
  decodeTxOutRecord,
  encodeTxOutRecord,
  type TxOutPlace,
  type TxOutRecord,
  UNKNOWN_TIMESTAMP,
} from "./fog/tx-out-record.ts";
export {
  ACTIVE_MINT_CONFIGS_BYTES_MAX,
  MEMBERSHIP_PROOF_BYTES_MAX,
  MESSAGE_BYTES_MAX,
  MINT_TX_BYTES_MAX,
  SCI_BYTES_MAX,
  TX_BYTES_MAX,
  TX_SUMMARY_BYTES_MAX,
} from "./limits.ts";
export { BurnRedemptionMemoBuilder, type BurnRedemptionOptions } from "./memo/builder/burn-redemption-memo-builder.ts";
export {
  DefragmentationMemoBuilder,
  type DefragmentationOptions,
} from "./memo/builder/defragmentation-memo-builder.ts";
export { EmptyMemoBuilder } from "./memo/builder/empty-memo-builder.ts";
export {
  GiftCodeCancellationMemoBuilder,
  GiftCodeFundingMemoBuilder,
  GiftCodeSenderMemoBuilder,
} from "./memo/builder/gift-code-memo-builders.ts";
export {
  type ChangeMemoContext,
  DEFAULT_MEMO_FEE,
  type MemoBuilder,
  type OutputMemoContext,
} from "./memo/builder/memo-builder.ts";
export {
  RecoverableHistoryMemoBuilder,
  type RecoverableHistoryOptions,
} from "./memo/builder/recoverable-history-memo-builder.ts";
export { decryptMemo, type EncryptedMemo, encryptMemo } from "./memo/encrypt-memo.ts";
export { giftShortHash } from "./memo/gift-short-hash.ts";
export * from "./memo/memo.ts";
export {
  decodeMemo,
  encodeMemo,
  GIFT_CODE_FUNDING_NOTE_BYTES_MAX,
  GIFT_CODE_SENDER_NOTE_BYTES_MAX,
} from "./memo/memo-codec.ts";
export { verifySelfAddressedMemo } from "./memo/self-addressed-memo.ts";
export {
  createSenderMemo,
  type SenderCredential,
  type SenderMemoCheck,
  type SenderMemoContent,
  senderCredential,
  verifySenderMemo,
} from "./memo/sender-memo.ts";
export { type ActiveMintConfig, type ActiveMintConfigs, findMintConfig } from "./mint/active-mint-configs.ts";
export { decodeActiveMintConfigs, encodeActiveMintConfigs } from "./mint/active-mint-configs-codec.ts";
export {
  MINT_VALIDATION_NUMBERS,
  type MintValidationCode,
  mintValidationCode,
} from "./mint/mint-code.ts";
export {
  decodeMintConfigTx,
  decodeMintTx,
  decodeValidatedMintConfigTx,
  encodeMintConfigTx,
  encodeMintTx,
  encodeValidatedMintConfigTx,
  type MintConfigInit,
  type MintConfigTxInit,
  type MintTxInit,
  mintConfigFromWire,
  mintConfigToWire,
  mintConfigTxFromWire,
  mintConfigTxToWire,
  mintTxFromWire,
  mintTxToWire,
  type ValidatedMintConfigTxInit,
  validatedMintConfigTxFromWire,
  validatedMintConfigTxToWire,
} from "./mint/mint-codec.ts";
export {
  mintConfigTxDigest,
  mintConfigTxDigestible,
  mintTxDigest,
  mintTxDigestible,
  signerSetDigestible,
  validatedMintConfigTxDigestible,
} from "./mint/mint-digest.ts";
export {
  MINT_NONCE_BYTES,
  type MintConfig,
  type MintConfigTx,
  type MintConfigTxPrefix,
  type MintTx,
  type MintTxPrefix,
  type ValidatedMintConfigTx,
} from "./mint/mint-tx.ts";
export {
  isValidSignerSet,
  type MultiSig,
  SIGNATURES_MAX,
  SIGNERS_MAX,
  type SignerSet,
  verifyMultiSig,
} from "./mint/multi-sig.ts";
export { signMintConfigTx, signMintTx } from "./mint/sign-mint.ts";
export {
  decodeSignerSet,
  encodeSignerSet,
  type SignerSetInit,
  signerSetFromWire,
  signerSetToWire,
} from "./mint/signer-set-codec.ts";
export { type MintConfigTxContext, validateMintConfigTx } from "./mint/validate-mint-config-tx.ts";
export {
  checkMintConfigNonce,
  checkMintNonce,
  type MintLedger,
  type MintTxContext,
  validateMintTx,
} from "./mint/validate-mint-tx.ts";
export {
  type CreatedOutput,
  createOutput,
  type Destination,
  type FogIngressKey,
  type OutputOptions,
  type ReservedAddresses,
  reservedAddresses,
} from "./output/create-output.ts";
export { type CreatedTxOut, createTxOut, type TxOutOptions, type TxPrivateKeySource } from "./output/create-tx-out.ts";
export {
  type MaskedAmount,
  type MaskedFields,
  maskAmount,
  maskAmountV2,
  tryUnmaskAmount,
  type UnmaskedAmount,
  unmaskAmount,
} from "./output/masked-amount.ts";
export {
  keyImage,
  onetimePrivateKey,
  onetimeTargetKey,
  recoverSubaddressSpendKey,
  txOutPublicKey,
} from "./output/one-time-address.ts";
export { type OwnedTxOut, openTxOut, type TxOutReader, viewKeyMatch } from "./output/open-tx-out.ts";
export {
  createReceipt,
  decodeReceipt,
  encodeReceipt,
  openReceipt,
  type Receipt,
  receiptMatches,
  verifyConfirmation,
} from "./output/receipt.ts";
export {
  decodeRevealedTxOut,
  encodeRevealedTxOut,
  openRevealedTxOut,
  type RevealedTxOut,
  type RevealedTxOutInit,
  replaceAmount,
  revealedTxOutFromWire,
  revealedTxOutToWire,
  revealTxOut,
} from "./output/revealed-tx-out.ts";
export { SubaddressTable } from "./output/subaddress-table.ts";
export { type EncryptedFogHint, equalMaskedAmounts, equalTxOuts, FOG_HINT_BYTES, type TxOut } from "./output/tx-out.ts";
export {
  decodeTxOut,
  encodeTxOut,
  storedTxOutFromWire,
  type TxOutInit,
  txOutFromWire,
  txOutToWire,
} from "./output/tx-out-codec.ts";
export { maskedAmountDigestible, txOutDigestible, txOutHash } from "./output/tx-out-hash.ts";
export {
  amountSharedSecret,
  type ConfirmationNumber,
  confirmationNumber,
  txOutSharedSecret,
} from "./output/tx-out-shared-secret.ts";
export {
  decodeUnmaskedAmount,
  encodeUnmaskedAmount,
  type UnmaskedAmountInit,
  unmaskedAmountFromWire,
  unmaskedAmountToWire,
} from "./output/unmasked-amount-codec.ts";
export type { SignedContingentInput } from "./sci/signed-contingent-input.ts";
export {
  decodeSignedContingentInput,
  encodeSignedContingentInput,
  type SignedContingentInputInit,
  signedContingentInputFromWire,
  signedContingentInputToWire,
} from "./sci/signed-contingent-input-codec.ts";
export type { UnsignedOffer } from "./sci/unsigned-offer.ts";
export { decodeUnsignedOffer, encodeUnsignedOffer } from "./sci/unsigned-offer-codec.ts";
export {
  type SignedContingentInputResult,
  validateSignedContingentInput,
} from "./sci/validate-signed-contingent-input.ts";
export {
  type BalanceChange,
  type CheckedTxSummary,
  checkTxSummary,
  type TxOutUnblindingData,
  type TxParty,
  type TxSummaryCheck,
  type TxSummaryUnblindingData,
} from "./tx/check-tx-summary.ts";
export {
  type InputRing,
  type OnetimeKeySource,
  type PresignedRing,
  type ReducedTxOut,
  type RingSigner,
  type RingSigningRequest,
  reduceTxOut,
  ringAmount,
  ringSigner,
  type SignableRing,
} from "./tx/input-ring.ts";
export type { ClaimedTxOut, InputRules } from "./tx/input-rules.ts";
export {
  impliedRoot,
  type LeafRange,
  leafHash,
  nilHash,
  nodeHash,
  proofWhenLast,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  verifyMembershipProof,
  verifyMembershipProofOfHash,
} from "./tx/membership-proof.ts";
export {
  decodeMembershipProof,
  encodeMembershipProof,
  type MembershipElementInit,
  type MembershipProofInit,
  membershipElementFromWire,
  membershipElementToWire,
  membershipProofFromWire,
  membershipProofToWire,
} from "./tx/membership-proof-codec.ts";
export { type RingSigning, signRings, signTx } from "./tx/sign-tx.ts";
export { createSigningData, type SigningData, type TxToSign, wipeSigningData } from "./tx/signing-data.ts";
export {
  extendedMessageAndTxSummaryDigest,
  extendedMessageDigest,
  mlsagSigningDigest,
  type SignedParts,
} from "./tx/signing-digest.ts";
export type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "./tx/tx.ts";
export {
  decodeTx,
  decodeTxPrefix,
  encodeTx,
  encodeTxPrefix,
  type InputRulesInit,
  type RingMlsagInit,
  ringMlsagFromWire,
  ringMlsagToWire,
  type SignatureInit,
  signatureFromWire,
  signatureToWire,
  type TxInInit,
  type TxInit,
  type TxPrefixInit,
  txFromWire,
  txInFromWire,
  txInToWire,
  txPrefixFromWire,
  txPrefixToWire,
  txToWire,
} from "./tx/tx-codec.ts";
export {
  inputRulesDigest,
  membershipElementDigestible,
  signedInputDigest,
  txDigestible,
  txHash,
  txPrefixHash,
} from "./tx/tx-digest.ts";
export type { RangeProofMismatch } from "./tx/tx-range-proofs.ts";
export { createTxSummary, type TxInSummary, type TxOutSummary, type TxSummary } from "./tx/tx-summary.ts";
export {
  decodeTxSummary,
  decodeTxSummaryUnblindingData,
  encodeTxSummary,
  encodeTxSummaryUnblindingData,
  type TxOutUnblindingDataInit,
  txOutUnblindingDataFromWire,
  txOutUnblindingDataToWire,
} from "./tx/tx-summary-codec.ts";
export { signUnsignedTx, type UnsignedTx } from "./tx/unsigned-tx.ts";
export { decodeSigningData, decodeUnsignedTx, encodeSigningData, encodeUnsignedTx } from "./tx/unsigned-tx-codec.ts";
export { type TxSignatureResult, type TxSignatureStatement, verifyTxSignature } from "./tx/verify-tx-signature.ts";
export { checkAgainstLedger, type LedgerState, type SpentAndMade } from "./validation/check-against-ledger.ts";
export {
  INPUTS_MAX,
  MINIMUM_FEE_STEP,
  OUTPUTS_MAX,
  RING_SIZE,
  TOMBSTONE_DISTANCE_MAX,
} from "./validation/constants.ts";
export { DEFAULT_MINIMUM_FEE, FeeMap, feeMapDigest } from "./validation/fee-map.ts";
export {
  TRANSACTION_VALIDATION_NUMBERS,
  type TransactionValidationCode,
  transactionValidationCode,
} from "./validation/transaction-code.ts";
export { type ValidationContext, validateTransaction } from "./validation/validate-transaction.ts";
export { type TransactionInContext, validateTransactions } from "./validation/validate-transactions.ts";
export type { TransactionVerdict } from "./validation/verdict.ts";
export { type InputRuleViolation, inputRuleCode, verifyInputRules } from "./validation/verify-input-rules.ts";
