package doppio.model;

import doppio.internal.StoredType;

/**
 * Numbers that lie in an entry of the archive, for one tensor or several.
 *
 * @param key the entry's name behind {@code data/}
 * @param size how many there are
 */
record TorchStorage(StoredType type, String key, long size) {}
