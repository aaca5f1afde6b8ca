package doppio.own;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.table.Encoder;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRecordTest {
  private record Measured(double x) {}

  @Test
  void aPrivateRecordOfAnotherPackageIsEncoded() {
    List<Measured> rows = List.of(new Measured(1), new Measured(3));
    assertThat(Encoder.of(Measured.class).fit(rows).encode(rows).data()).containsExactly(-1, 1);
  }
}
