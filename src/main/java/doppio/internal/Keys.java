package doppio.internal;

/**
 * Names that begin with the library's: of settings, of an entry in a file.
 *
 * <p>A tool that renames the library's packages, to put it into another jar, also rewrites texts
 * that look like the name of a package. These must stay what everybody's documentation and files
 * say, so no class file has them as a text: they are put together when asked for.
 */
public final class Keys {
  private static final char[] LIBRARY = {'d', 'o', 'p', 'p', 'i', 'o', '.'};

  private Keys() {}

  /** The library's name, a dot, and this name. */
  public static String of(String name) {
    return new String(LIBRARY).concat(name);
  }
}
