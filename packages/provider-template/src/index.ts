/** Public surface of the template provider: the plugin, by name and as default. */
export {};
