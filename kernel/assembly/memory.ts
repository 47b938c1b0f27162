// Where things lie in linear memory. Constants and scratch are static (`memory.data`), so every address is known when
// the module is compiled; above them begins the area in which the face lays out arguments and results.

/** First address of the input/output area. Nothing below it is touched from outside. */
export const ioBase: usize = (__heap_base + 15) & ~15;
