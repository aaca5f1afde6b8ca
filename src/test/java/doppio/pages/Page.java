package doppio.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page in Markdown, and the blocks of code in it. */
record Page(Path file, List<Block> blocks) {
  static final Path README = Path.of("README.md");
  static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");
  static final Path SECURITY = Path.of(".github/SECURITY.md");
  static final Path SITE = Path.of("src/site/markdown");

  private static final Pattern FENCE = Pattern.compile("```([a-z]*)");

  /**
   * A block of code between fences.
   *
   * @param line of the opening fence, from 1
   * @param heading the nearest one above
   * @param language the word behind the opening fence; empty without one
   */
  record Block(Path file, int line, String heading, String language, String code) {
    /** How a list of blocks names this one: by the page and its first line. */
    String name() {
      return file.getFileName() + ": " + code.lines().findFirst().orElse("");
    }

    @Override
    public String toString() {
      return file + ":" + line + " (" + heading + ")";
    }
  }

  /** Every page that a visitor reads. */
  static List<Page> all() throws IOException {
    List<Path> files = new ArrayList<>(List.of(README, CONTRIBUTING, SECURITY));
    try (Stream<Path> site = Files.list(SITE)) {
      site.filter(f -> f.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Page> pages = new ArrayList<>();
    for (Path file : files) {
      pages.add(read(file));
    }
    return pages;
  }

  static Page read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    String heading = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (lines.get(i).startsWith("#")) {
        heading = lines.get(i).replaceFirst("#+ *", "");
      } else if (fence.matches()) {
        int open = i;
        StringBuilder code = new StringBuilder();
        while (!lines.get(++i).equals("```")) {
          code.append(lines.get(i)).append('\n');
        }
        blocks.add(new Block(file, open + 1, heading, fence.group(1), code.toString()));
      }
    }
    return new Page(file, blocks);
  }

  /** The Java of the page. */
  List<Block> java() {
    return blocks.stream().filter(block -> block.language().equals("java")).toList();
  }

  /** What the page says that a block prints: the next block, if it is one of text; else null. */
  String output(Block java) {
    int next = blocks.indexOf(java) + 1;
    boolean shown = next < blocks.size() && blocks.get(next).language().equals("text");
    return shown ? blocks.get(next).code() : null;
  }

  String text() throws IOException {
    return Files.readString(file);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
