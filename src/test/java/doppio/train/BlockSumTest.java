package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.nn.Linear;
import doppio.nn.Sequential;
import doppio.own.Centre;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockSumTest {
  private final Linear layer = new Linear(1, 1, false, new Generator(1));
  private final Centre centre = new Centre(1);
  private final BlockSum sum = new BlockSum(new Sequential(layer, centre));

  private void add(int rows, double value, double buffer) {
    BlockGradient block = new BlockGradient(1, List.of(new double[] {buffer}));
    block.rows = rows;
    block.gradients[0] = new double[] {value};
    block.sum = value;
    block.divisor = 1;
    sum.add(block, 1);
  }

  /** The largest power of two that leaves something comes first. */
  private static double tree(double[] values, int from, int to) {
    int n = to - from;
    if (n == 1) {
      return values[from];
    }
    int middle = from + Integer.highestOneBit(n - 1);
    return tree(values, from, middle) + tree(values, middle, to);
  }

  @Test
  void blocksAreAddedInATreeThatTheirNumberDecides() {
    for (int n = 1; n <= 40; n++) {
      double[] values = new double[n];
      new Generator(n).normal(values, 0, 1);
      BlockSum sum = new BlockSumTest().sum(values);
      assertThat(sum.loss()).as("%d blocks", n).isEqualTo(tree(values, 0, n));
    }
  }

  private BlockSum sum(double[] values) {
    for (double value : values) {
      add(1, value, 0);
    }
    return sum;
  }

  @Test
  void gradientsAreAddedAsLossesAre() {
    // Of all orders this one alone gives 1: (2⁵³ + 1) + (1 − 2⁵³).
    for (double value : new double[] {0x1p53, 1, 1, -0x1p53}) {
      add(1, value, 0);
    }
    sum.writeGradients();
    assertThat(layer.weight().grad().data()).containsExactly(1);
    assertThat(sum.loss()).isEqualTo(1);
  }

  @Test
  void aBufferOnWhichAllBlocksAgreeIsTakenAsItIs() {
    for (int i = 0; i < 10; i++) {
      add(1, 0, 0.1);
    }
    sum.writeBuffers();
    // The sum of ten tenths is not 1.
    assertThat(centre.namedBuffers().get("running_mean").data()).containsExactly(0.1);
    add(2, 0, 4);
    sum.writeBuffers();
    assertThat(centre.namedBuffers().get("running_mean").get(0)).isBetween(0.74999, 0.75001);
  }
}
