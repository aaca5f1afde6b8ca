package doppio.model;

import doppio.nn.Maker;
import doppio.nn.Module;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Names for modules of your own in files, and the functions that make them again: at saving a
 * module is found by its class, at loading by its name, so that no file says which class to load.
 *
 * <pre>{@code
 * Registry own =
 *     Registry.of("Square", Square.class, parts -> new Square())
 *         .and("Skip", Skip.class, parts -> new Skip(parts.child("body")));
 * ModelFile.save(file, model, own);
 * Module same = ModelFile.load(file, own);
 * }</pre>
 *
 * <p>The function is the one that the module's {@link Module#describe description} has. A name
 * stands in files for good; the class behind it may be renamed. The layers of the library need none
 * and may have the same names. Immutable; {@code Serializable}, so that other JVMs can have it.
 */
public final class Registry implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Registry NONE = new Registry(new Entry[0]);

  private final Entry[] entries;

  /** One kind of module. */
  record Entry(String name, Class<? extends Module> type, Maker<? extends Module> maker)
      implements Serializable {}

  private Registry(Entry[] entries) {
    this.entries = entries;
  }

  /** Names for no module: those of the library alone. */
  public static Registry none() {
    return NONE;
  }

  /**
   * A name for one class of modules.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  public static <M extends Module> Registry of(String name, Class<M> type, Maker<M> maker) {
    return NONE.and(name, type, maker);
  }

  /**
   * These names and one more.
   *
   * @throws IllegalArgumentException if the name is empty, or the name or the class is here already
   */
  public <M extends Module> Registry and(String name, Class<M> type, Maker<M> maker) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(maker, "maker");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name in files must not be empty");
    }
    if (named(name) != null || of(type) != null) {
      throw new IllegalArgumentException(
          name + " for " + type.getName() + ": " + this + " has the name or the class already");
    }
    Entry[] more = Arrays.copyOf(entries, entries.length + 1);
    more[entries.length] = new Entry(name, type, maker);
    return new Registry(more);
  }

  /** The entry of a name, or null. */
  Entry named(String name) {
    for (Entry entry : entries) {
      if (entry.name.equals(name)) {
        return entry;
      }
    }
    return null;
  }

  /** The entry of a class itself, not of one above it, or null. */
  Entry of(Class<?> type) {
    for (Entry entry : entries) {
      if (entry.type == type) {
        return entry;
      }
    }
    return null;
  }

  /** The names. */
  @Override
  public String toString() {
    return "Registry"
        + Arrays.stream(entries).map(Entry::name).collect(Collectors.toUnmodifiableList());
  }
}
