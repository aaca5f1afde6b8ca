package doppio.internal;

/** How messages name what has no name of its own. */
public final class Names {
  private Names() {}

  /** The name of a class, which an anonymous one has from the class around it. */
  public static String of(Class<?> type) {
    String simple = type.getSimpleName();
    return simple.isEmpty()
        ? type.getName().substring(type.getName().lastIndexOf('.') + 1)
        : simple;
  }

  /** The name of a thing's class. */
  public static String of(Object thing) {
    return of(thing.getClass());
  }
}
