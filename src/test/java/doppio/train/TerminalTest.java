package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TerminalTest {
  @Test
  void otherStreamsAreNone() {
    assertThat(
            Terminal.is(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)))
        .isFalse();
  }

  @Test
  void whatADescriptorLeadsToTells() {
    assertThat(Terminal.isTerminal("/dev/pts/0")).isTrue();
    assertThat(Terminal.isTerminal("/dev/tty1")).isTrue();
    assertThat(Terminal.isTerminal("/dev/console")).isTrue();
    assertThat(Terminal.isTerminal("/home/me/dev/pts/log.txt")).isFalse();
    assertThat(Terminal.isTerminal("pipe:[12345]")).isFalse();
    assertThat(Terminal.isTerminal("/dev/null")).isFalse();
  }

  @Test
  void aNumberOfColumnsThatCannotBeIsTheUsualOne() {
    assertThat(Terminal.parsed("40")).isEqualTo(40);
    assertThat(Terminal.parsed(" 132\n")).isEqualTo(132);
    for (String bad : new String[] {"", "0", "-3", "wide", "99999999999", "20000"}) {
      assertThat(Terminal.parsed(bad)).as(bad).isEqualTo(80);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void standardStreamsAreJudgedByWhatTheyLeadTo() throws IOException {
    assertThat(Terminal.is(System.out)).isEqualTo(leadsToTerminal(1));
    assertThat(Terminal.is(System.err)).isEqualTo(leadsToTerminal(2));
  }

  @Test
  void thereAreAlwaysColumns() {
    assertThat(Terminal.columns()).isBetween(1, 10_000);
    assertThat(Terminal.parsed("1")).isEqualTo(1);
    assertThat(Terminal.parsed("10000")).isEqualTo(10_000);
    assertThat(Terminal.parsed("10001")).isEqualTo(80);
  }

  private static boolean leadsToTerminal(int descriptor) throws IOException {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    return Terminal.isTerminal(Files.readSymbolicLink(link).toString());
  }
}
