// What core/ is measured at: the steps of paying and of finding one's money, over any loaded copy of the packages.
import { createHash } from "node:crypto";
import type { CorePackages } from "./core-bundle.ts";

/** One step, by the name of its figure. It returns bytes that depend on all of its work. */
export type Workloads = Readonly<Record<string, () => Uint8Array>>;

/** The steps, each with operands made from the same seed in every copy. */
export function coreWorkloads({ account, bytes, crypto, transaction }: CorePackages): Workloads {
  const random = repeatableRandom();
  const makeAccount = (fogReportUrl: string) =>
    account.accountKey({
      viewPrivateKey: crypto.PrivateKey.random(random),
      spendPrivateKey: crypto.PrivateKey.random(random),
      fogReportUrl,
    });
  const sender = makeAccount("");
  const recipient = makeAccount("fog://fog.example.com");
  const address = account.publicAddress(recipient);
  const own = account.subaddress(recipient, account.DEFAULT_SUBADDRESS);
  const message = random(32);
  const signature = crypto.schnorrSign("bench", own.viewPrivateKey, message);
  const ingressKey = { publicKey: crypto.PrivateKey.random(random).publicKey(), pubkeyExpiry: 100n };
  const credential = transaction.senderCredential(sender);
  const amount = { value: bytes.parseMob("1.5"), tokenId: bytes.MOB };
  const create = () =>
    transaction.createOutput({ kind: "payment", recipient: address }, amount, {
      blockVersion: transaction.BLOCK_VERSION_MAX,
      memoBuilder: new transaction.RecoverableHistoryMemoBuilder({ credential }),
      ingressKey: () => ingressKey,
      random,
    }).txOut;
  const txOut = create();
  const record = transaction.createTxOutRecord(txOut, { globalIndex: 7n, blockIndex: 3n, timestamp: 1_700_000_000n });
  const { payload } = transaction.sealTxOutRecord(
    record,
    { searchKey: random(16), viewPublicKey: address.viewPublicKey },
    random,
  );
  const view = account.viewAccountKey(recipient);
  const reader = {
    viewPrivateKey: view.viewPrivateKey,
    subaddresses: new transaction.SubaddressTable(view, [account.DEFAULT_SUBADDRESS]),
  };
  let index = 1n;

  return {
    subaddress: () => account.subaddressPublicKeys(view, index++).viewPublicKey,
    "address-hash": () => account.shortAddressHash(address),
    "schnorr-sign": () => crypto.schnorrSign("bench", own.viewPrivateKey, message),
    "schnorr-verify": () => flag(crypto.schnorrVerify("bench", address.viewPublicKey, message, signature)),
    "tx-out-create": () => transaction.encodeTxOut(create()),
    "tx-out-match": () => required(transaction.viewKeyMatch(txOut, view.viewPrivateKey)).blinding.expose(),
    "tx-out-record-open": () =>
      required(transaction.matchTxOutRecord(transaction.openTxOutRecord(payload, own.viewPrivateKey), reader)).memo,
  };
}

/** SHAKE-256 of a counter. */
function repeatableRandom(): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    const hash = createHash("shake256", { outputLength: length });
    return new Uint8Array(hash.update(`bench ${calls++}`).digest());
  };
}

const flag = (value: boolean): Uint8Array => Uint8Array.of(value ? 1 : 0);

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("An output of the recipient's own was not found.");
  return value;
}
