package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinksTest {
  /** The target of a link or a picture, without what follows a #. */
  private static final Pattern TARGET =
      Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)|(?:src|href)=\"([^\"#]+)\"");

  @Test
  void everyRelativeLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Page page : Page.all()) {
      for (Path target : targets(page)) {
        links++;
        if (!Files.exists(target)) {
          broken.add(page + " names " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(10);
  }

  @Test
  void theReadmeLinksEveryPage() throws IOException {
    List<Path> linked = targets(Page.read(Page.README));
    for (Page page : Page.all()) {
      if (!page.file().equals(Page.README)) {
        assertThat(linked).contains(page.file());
      }
    }
  }

  private static List<Path> targets(Page page) throws IOException {
    Path folder = Path.of("").resolve(page.file()).toAbsolutePath().getParent();
    List<Path> targets = new ArrayList<>();
    for (MatchResult match : TARGET.matcher(page.text()).results().toList()) {
      String target = match.group(1) == null ? match.group(2) : match.group(1);
      if (!target.contains(":")) {
        Path path = folder.resolve(target).normalize();
        targets.add(Path.of("").toAbsolutePath().relativize(path));
      }
    }
    return targets;
  }
}
