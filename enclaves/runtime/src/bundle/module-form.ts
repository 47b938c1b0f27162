// The form of the measured module: valid as an ES module, and as one expression that the runtime evaluates in a realm.

/** How it begins: the rest is one expression, whose value is the function that makes the enclave, with the helper as its property. */
export const MODULE_PREFIX = "export default ";

/** How it ends. */
export const MODULE_SUFFIX = ";\n";
