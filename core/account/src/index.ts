export { decodeAccountKey, decodeViewAccountKey, encodeAccountKey, encodeViewAccountKey } from "./account-codec.ts";
export {
  accountKeyFromBip39Entropy,
  accountKeyFromMnemonic,
  accountKeyFromSlip10Key,
} from "./account-from-mnemonic.ts";
export { type AccountKey, accountKey, type ViewAccountKey, viewAccountKey, wipeAccountKey } from "./account-key.ts";
export {
  decodePublicAddress,
  encodePublicAddress,
  publicAddressFromWire,
  publicAddressToWire,
} from "./address-codec.ts";
export { accountId, addressHash32, SHORT_ADDRESS_HASH_BYTES, shortAddressHash } from "./address-hash.ts";
export { addressText } from "./address-text.ts";
export { BURN_VIEW_PRIVATE_KEY, burnAddress } from "./burn-address.ts";
export { AccountError, type AccountErrorCode, type WrongWord } from "./error.ts";
export type { FogSettings } from "./fog-settings.ts";
export { decodeGiftCode, encodeGiftCode, type GiftCode } from "./gift-code.ts";
export { accountKeyFromIdentity, type Identity, type MnemonicIdentity, type RootIdentity } from "./identity.ts";
export {
  decodeMnemonicIdentity,
  decodeRootIdentity,
  encodeMnemonicIdentity,
  encodeRootIdentity,
} from "./identity-codec.ts";
export { formatKeyFile, parseKeyFile } from "./key-file.ts";
export { ACCOUNT_SIZE_MAX, ADDRESS_BYTES_MAX, CODE_BYTES_MAX, CODE_LENGTH_MAX } from "./limits.ts";
export { entropyFromMnemonic, mnemonicFromEntropy, seedFromEntropy, seedFromMnemonic } from "./mnemonic.ts";
export { mobUri, parseMobUri } from "./mob-uri.ts";
export type { PaymentRequest } from "./payment-request.ts";
export { decodePrintable, encodePrintable, type PrintableCode } from "./printable.ts";
export { equalAddresses, FOG_AUTHORITY_CONTEXT, type PublicAddress, publicAddress } from "./public-address.ts";
export { accountKeyFromRootEntropy } from "./root-entropy.ts";
export { slip10Key } from "./slip10.ts";
export {
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  INVALID_SUBADDRESS,
  type SubaddressKeys,
  type SubaddressPublicKeys,
  subaddress,
  subaddressPublicKeys,
} from "./subaddress.ts";
export { accountKeyFromTransferPayload, type TransferPayload } from "./transfer-payload.ts";
