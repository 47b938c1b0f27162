// Outputs whose every derived value is known (spec 01 §10.7).
import type { AccountKey } from "@fogbow/core-account";
import type { BlockVersion } from "../../src/index.ts";
import { account, root0 } from "../fixtures.ts";

/** An output with everything that its maker and its recipient derive from it. Byte strings are hexadecimal. */
export interface KnownOutput {
  readonly name: string;
  readonly blockVersion: BlockVersion;
  readonly recipient: AccountKey;
  readonly txPrivateKey: string;
  readonly value: bigint;
  readonly tokenId: bigint;
  readonly sharedSecret: string;
  readonly targetKey: string;
  readonly publicKey: string;
  readonly maskedValue: string;
  readonly maskedTokenId: string;
  readonly blinding: string;
  readonly commitment: string;
  readonly crc32: number;
  readonly onetimePrivateKey: string;
  readonly keyImage: string;
  readonly confirmation: string;
}

const RECORDS_RECIPIENT = account(
  "c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09",
  "e9ee1a958444aef8bb3b9f8a4b3e01b3ea2e1d25dca8fd8ae91ce3adbcfcb108",
);

/** Outputs to the default subaddress with an Unused memo. */
export const KNOWN_OUTPUTS: readonly KnownOutput[] = [
  {
    name: "v1 amount, block version 2, published",
    blockVersion: 2,
    recipient: RECORDS_RECIPIENT,
    txPrivateKey: "98c91cf122066c1c619d2dc9a7b6d140feb389b385ce8dff4bdc0773cbaebb05",
    value: 10n,
    tokenId: 0n,
    sharedSecret: "a4915d0f1ce7c8ceecf5d4b96657c2495eceeb5f001757f51b7d5a2f3e12ae36",
    targetKey: "4220d6bf425422ceca582788baa46379c12e19a5ceb6ea96fe2cdacbe537a761",
    publicKey: "febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603",
    maskedValue: "e8993af924d07234",
    maskedTokenId: "cf29351517665a70",
    blinding: "00d2937ca1abb419e88f80b390a3669200c0a05605207d42e026df4b64e32f0a",
    commitment: "f8d1d80bb73745dd7ef9c8966540f9c21b291aff858c1ccc8a11ebb1c82a423e",
    crc32: 0xd0ca_4138,
    onetimePrivateKey: "b24fdd7bad0144ff071dd61b90199f8fd8edf6168afc3ba4ff7d21a38f6b1902",
    keyImage: "e0b50fce53f71ea4e4ea2de1fb424d3190cbfdd84ffafa645e990e0f8bac2d02",
    confirmation: "10ccad5b8277a233c519ed23b7df18b68c2dc7be0a21057345f8d11002c05a96",
  },
  {
    name: "v2 amount of token 1, block version 3, computed",
    blockVersion: 3,
    recipient: root0(),
    txPrivateKey: "05".repeat(32),
    value: 1_475_000_000_000n,
    tokenId: 1n,
    sharedSecret: "0042a8be744006639537ab51a59c458ee1a8396a650a99b9b2d0683094ebf71d",
    targetKey: "dea526ab77c25c94e9f3355dee45d96374bce653192def3399e216e02e42932f",
    publicKey: "daff296a23db6e2fe1bbe656096d8118d6b2b5ffbeed5f9c390843fd1ec43774",
    maskedValue: "f5ea8fa4e1b1446b",
    maskedTokenId: "74b0f402b38a506b",
    blinding: "abf11c9601153bea4ce69878daa8c836efde759c32d95d4cbe36a5c6b2d63803",
    commitment: "8607908eeddee1db0d117494cb8ef94cf9b9e496878fc492d22177a9f844204f",
    crc32: 0x1a23_0ac4,
    onetimePrivateKey: "fda98a647c4f33c8a31d1db2ac948584a455013802f67a37443240e8d740880e",
    keyImage: "0ed83ccdb6b16a4db328ffd113a10480d54a8ded1a784e3a4c2333a943854475",
    confirmation: "307658a97186e81d39568fcde4766958e1578e3c73927af20c389c27505080a3",
  },
];

/** The account behind two outputs of block version 3 on the public test network. */
export const TESTNET_ACCOUNT: AccountKey = account(
  "c3347858c07a72a96ffa960a93292c1a1b11369d1ae68908dcb8e4dd048fbb0f",
  "453ef11ebab82c9bef1b156d7f6a00f51ae9c4f12297903481101683db58550a",
);

/** What is known of those two: a payment to oneself and its change. */
export const TESTNET_OUTPUTS: readonly {
  readonly name: string;
  readonly publicKey: string;
  readonly targetKey: string;
  readonly maskedValue: bigint;
  readonly maskedTokenId: string;
  readonly commitment: string;
  readonly value: bigint;
  readonly subaddressIndex: bigint;
  readonly sharedSecret: string;
  readonly amountSharedSecret: string;
  readonly blinding: string;
  readonly encryptedMemo: string;
  readonly memo: string;
}[] = [
  {
    name: "the payment",
    publicKey: "5a33e0d811480470ecb608128dcc518227e0b5a3aed68bcc579d73c806cca54b",
    targetKey: "b88ddc194c8c711f38a3a95ee133865d04001b65b97b09a21ad752dd9211635b",
    maskedValue: 17792466809847936602n,
    maskedTokenId: "102f45836fc0e091",
    commitment: "42b0876c68db4cfa05b879e7730b35d95196beaa5b9722fbc67578a5df71b408",
    value: 100n,
    subaddressIndex: 0n,
    sharedSecret: "7ef8e749e97e12490053212cbdb4732627753ffc52529aff8dadb9eabcb67f45",
    amountSharedSecret: "f808efff6e94f1e4a175d4673284c4751c4a4fd4028ab562a8392fd0a3f2b619",
    blinding: "e20119966ee24a1b9c8b89206a4a8b7ae6b70e27c9e37a2120c963cdc3526404",
    encryptedMemo:
      "0dcba72f6fafdb8f0fab243b446f0040a38d27e940e3028890eb88a5c9ce30a4431e5f37ed474c1e5949821d7141e3ee96fd1db07399ecc0ad59f8b3e5c2b14d04f5",
    memo: `01006a3dcc9b36329e1d50e2091535344bfb${"00".repeat(32)}ee881f71b08a122fd1dd916d8af5bcf2`,
  },
  {
    name: "the change",
    publicKey: "9a30aa9e1e036d83d52e45aa100c951c7d7a587a4ad44f2d4f2c443f20deef6f",
    targetKey: "343e30cf456e4863d68d8516c61b1dcb5d4869924889a9e000e688187fde9b4d",
    maskedValue: 11011028853111894764n,
    maskedTokenId: "f04dacff31212b8c",
    commitment: "fa882d4d353612fa30518e3c31e57d4d83cdfb1456d1a9b1a08037a60bd88d29",
    value: 605599997600n,
    subaddressIndex: 0xffff_ffff_ffff_fffen,
    sharedSecret: "5c78b06ceb05612eb4a9da30573db706f839452b162830cca2ad71a487052d45",
    amountSharedSecret: "996651d72609895a31fbf217388a1fd5d950ef708e44b85d0ff7250b761cad90",
    blinding: "433be1ae49bc0811d645bd05368e1098d67d164b874be1f450c73f4acb9b4a04",
    encryptedMemo:
      "fe1a42d041429f3c7658b2d239172d172fdad7962434066fd3834553d10966e85d248f82b5f643700133fbab4fb696f8e531e74f5af2766e3cb23b1d9a1775436c50",
    memo: `02006a3dcc9b36329e1d50e2091535344bfb0100000017d784000000000017d78464${"00".repeat(32)}`,
  },
];

/** The mobile fixture `TxOut` of block version 1, 277 bytes, made with `fixtureRandom`. */
export const MOBILE_TX_OUT: string =
  "0a2d0a220a2004bb2ca92a8df234004581d1f7a0b43204bdbd2071098d71eb41478b87a5d46b11b3e5df3f01b0bc6e12220a" +
  "20985c323fcfb452aac0a2a880b07637ea80a6be3f9bd9e21b0fe08aab274659701a220a20045f0a477765d20c4615d21af8" +
  "bbd8dd9c0e3b5ce40d0bbdd3c2813301597e4922560a546e0613c548dec53a554f29eff7562d4af2d3f17c8fbb1c5f574e71" +
  "c114e38eb1839b54e4b879029a7cdbc376b7113b7a46b365c0b2867cb7e004192fb08e1af14325febdb5062819cad29935b6" +
  "49e760d2b201002a440a42df6c4861ff787aa8f21cb05ded43d97897aa3453150746e2a0d19c7c3821c311f4bbfb51c4ca64" +
  "e2293556b5ac426a234c883e3f7eeaec36c93c8126fb986e635368";
