// Being built: nothing is exported yet.
export {};
