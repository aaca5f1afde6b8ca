package doppio.internal.source;

import java.nio.file.Path;
import java.util.Set;

/**
 * The name of a class to write.
 *
 * @param packageName empty where there is none
 * @param simpleName the name in its package
 */
public record ClassName(String packageName, String simpleName) {
  private static final Set<String> KEYWORDS =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends final finally float for goto if implements import"
                  + " instanceof int interface long native new package private protected public"
                  + " return short static strictfp super switch synchronized this throw throws"
                  + " transient try void volatile while true false null _")
              .split(" "));

  /** Words that are no keywords and yet no names of classes. */
  private static final Set<String> NO_CLASSES =
      Set.of("var", "yield", "record", "sealed", "permits");

  /** The classes that a source may use by their names. */
  private static final Set<String> USED =
      Set.of(
          ("Base64 ByteBuffer Double DoubleBuffer IllegalArgumentException Math StrictMath String"
                  + " System")
              .split(" "));

  /**
   * The parts of a name, {@code Net} or {@code com.acme.Net}.
   *
   * @throws IllegalArgumentException if it is no name of a class, or one that the source uses
   */
  public static ClassName of(String name) {
    for (String word : name.split("\\.", -1)) {
      if (!isIdentifier(word)) {
        String reason = KEYWORDS.contains(word) ? "a word of the language" : "no Java identifier";
        throw refused(name, "\"" + word + "\" is " + reason);
      }
    }
    int dot = name.lastIndexOf('.');
    String simple = name.substring(dot + 1);
    if (NO_CLASSES.contains(simple)) {
      throw refused(name, "\"" + simple + "\" is a word of the language");
    }
    if (USED.contains(simple)) {
      throw refused(name, "the source uses Java's own class " + simple);
    }
    return new ClassName(dot < 0 ? "" : name.substring(0, dot), simple);
  }

  /** The folder of the package, in the folder of the sources. */
  public Path folderIn(Path sources) {
    return sources.resolve(packageName.replace('.', '/'));
  }

  private static boolean isIdentifier(String word) {
    return !word.isEmpty()
        && Character.isJavaIdentifierStart(word.codePointAt(0))
        && word.codePoints()
            .allMatch(c -> Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c))
        && !KEYWORDS.contains(word);
  }

  private static IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException(
        "className must be the name of a class, Net or com.acme.Net say, got \""
            + name
            + "\": "
            + why);
  }
}
