// What the public reference library answers about blocks that mint: contents hashes, and for block version 4 ids, signing
// digests and the signatures of signing key 7.
import { type BlockContents, NO_MINTING } from "../src/index.ts";
import { CONFIGURATION, MINT, mintingContents } from "./minting.ts";

/** A block after the published one with memos. Everything but the contents is the reference library's. */
interface KnownMintingBlock {
  readonly name: string;
  readonly contents: BlockContents;
  readonly contentsHash: string;
  readonly id: string;
  readonly signingDigest: string;
  readonly signature: string;
}

const nothing: BlockContents = { keyImages: [], outputs: [], ...NO_MINTING };

/** Blocks with minting transactions, configurations, or both. */
export const KNOWN_MINTING_BLOCKS: readonly KnownMintingBlock[] = [
  {
    name: "something of every sort",
    contents: mintingContents(),
    contentsHash: "d38d40ff1183a3b701c52341cfe598311ee9481c0b16ce474ea1d3f82c9d706d",
    id: "74850080826a8bee5ae6425c87da4faa10bccb409205e59e46cac16294889499",
    signingDigest: "fc364b5dfce21d2ea895f31eb764601e49b71f8cbe672cd29f139e73e77fecaf",
    signature:
      "c9183e678ab06924dd713d5dc16ba0a81ba410919a701fdade489994b2ab5983" +
      "1c2e9dc65e4a0a40011ee3d8c6115d8c8da3827bb68f4aff0806ec4b3f9d5503",
  },
  {
    name: "a configuration alone",
    contents: { ...nothing, validatedMintConfigTxs: [CONFIGURATION] },
    contentsHash: "6ce268988c2a247271cd90deb44421ec25fcc38930fe0b95745b7ad3a2d75088",
    id: "e6bea6c3b45b997449b68d3f3d1b26436e0368b63f049dab6ef9fcfe7e894e5a",
    signingDigest: "35cde497875ccdd54d678fbbc598cfcc04a6e7828bff151eaa11016383f4d1a5",
    signature:
      "44a15172e05677112ece5d3a05aa712cc062a0a26d2a67cde47e6e94ded90334" +
      "be7ceb3703e4c50ba6eb40ba76568d5cb2dc7c8a07a4b197ba03a02b35c69002",
  },
  {
    name: "a minting transaction twice",
    contents: { ...nothing, mintTxs: [MINT, MINT] },
    contentsHash: "5d1c0050d285bc7beb269d32464e0c4a02625cdaaf40a30db7c26c43aa2546b2",
    id: "2c245ca044a9f144c1095965884f3f7d0e31567212f0c51b158c700f0443d385",
    signingDigest: "a65cbea6d188830f2d884b6b7bfbf3dec018001b4a88b3e7ce4e49a29e9d37d1",
    signature:
      "752d91ef14cc2cdffc1801cb30b2cc2f4ff6e5105b2d0b8081a4a65be45486f7" +
      "c4d3b19bab0eb541e1a06f69a8bc9a556212da0fc72fbe6dac9efe7404689703",
  },
];
