package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.Total;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LongSumTest {
  @Test
  void fewTermsAreAddedAsTheyComeAndOfManyNothingIsLost() {
    LongSum sum = new LongSum();
    sum.add(1e16);
    for (int i = 1; i < Total.CHAIN; i++) {
      sum.add(1);
    }
    assertThat(sum.value()).isEqualTo(1e16);
    sum.add(1);
    assertThat(sum.value()).isEqualTo(1e16 + Total.CHAIN);
  }

  @Test
  void whatIsInfiniteStaysInfinite() {
    LongSum sum = new LongSum();
    for (int i = 0; i <= Total.CHAIN; i++) {
      sum.add(Double.POSITIVE_INFINITY);
    }
    assertThat(sum.value()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aSumOfNothingIsSavedAsOneNumber() {
    Map<String, Tensor> state = new HashMap<>();
    new LongSum().save("sum", state);
    assertThat(state).containsOnlyKeys("sum");
  }
}
