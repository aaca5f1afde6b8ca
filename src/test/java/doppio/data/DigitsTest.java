package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void hasEveryDigitInRawPixels() {
    Dataset digits = Digits.load();
    assertThat(digits.inputs().shape()).containsExactly(1797, 64);
    assertThat(digits.targets().shape()).containsExactly(1797);
    assertThat(Arrays.stream(digits.inputs().data()).min()).hasValue(0);
    assertThat(Arrays.stream(digits.inputs().data()).max()).hasValue(16);
    int[] counts = new int[10];
    for (double target : digits.targets().data()) {
      counts[(int) target]++;
    }
    assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }

  @Test
  void beginsWithAZero() {
    Dataset first = Digits.load().slice(0, 1);
    assertThat(Arrays.copyOf(first.inputs().data(), 8)).containsExactly(0, 0, 5, 13, 9, 1, 0, 0);
    assertThat(first.targets().data()).containsExactly(0);
  }

  @Test
  void eachLoadIsFresh() {
    Digits.load().inputs().fill(-1);
    assertThat(Digits.load().inputs().get(0, 2)).isEqualTo(5);
  }

  @Test
  void aBrokenResourceIsNamed() {
    assertThatThrownBy(() -> Digits.read(null))
        .isInstanceOf(IOException.class)
        .hasMessage("digits.csv.gz: the resource is missing beside doppio.data.Digits");
    assertThatThrownBy(() -> Digits.read(text("1,2\n")))
        .isInstanceOf(IOException.class)
        .hasMessage("digits.csv.gz: expected 1797 rows of 65 columns, got 1 of 2");
    assertThatThrownBy(() -> Digits.read(text("1,2\n".repeat(1797))))
        .hasMessage("digits.csv.gz: expected 1797 rows of 65 columns, got 1797 of 2");
    assertThatThrownBy(() -> Digits.read(text("0,".repeat(64) + "0\n")))
        .hasMessage("digits.csv.gz: expected 1797 rows of 65 columns, got 1 of 65");
    assertThatThrownBy(() -> Digits.read(text("1,x\n")))
        .isInstanceOf(IOException.class)
        .hasMessage("digits.csv.gz: line 1, column 2: expected a number but found \"x\"");
  }

  @Test
  void theAttributionIsShipped() throws IOException {
    try (InputStream in = Digits.class.getResourceAsStream("digits-ATTRIBUTION.txt")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains("Alpaydin", "Kaynak", "1998", "CC BY 4.0");
    }
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
