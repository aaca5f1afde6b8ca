package doppio.fuzz;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.fuzz.FuzzedReader.Read;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Readers that do too much are found out. */
@Tag("once")
class FuzzedReaderTest {
  private static final byte[] FILE = new byte[40_000];

  @Test
  void oneThatTakesMoreMemoryThanTheFileIsWorth() {
    assertFoundOut(file -> new byte[3 * 96 * FILE.length], "allocated=11[0-9]{6}");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void oneThatReadsTheFileAgainAndAgain() {
    assertFoundOut(
        file -> {
          for (int i = 0; i < 20; i++) {
            Files.readAllBytes(file);
          }
          return file;
        },
        " read=8[0-9]{5},");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void oneThatReadsByteByByte() {
    assertFoundOut(
        file -> {
          long sum = 0;
          try (InputStream in = Files.newInputStream(file)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
              sum += next;
            }
          }
          return sum;
        },
        " calls=4[0-9]{4},");
  }

  @Test
  void oneThatRefusesWithoutAWord() {
    assertFoundOut(
        file -> {
          throw new IOException();
        },
        "an exception that does not say what is wrong");
  }

  private static void assertFoundOut(Read read, String pattern) {
    assertThatThrownBy(() -> new FuzzedReader(read).accept(FILE))
        .isInstanceOf(AssertionError.class)
        .hasMessageFindingMatch(pattern);
  }
}
