package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GeneratorStateTest {
  @Test
  void theSameNumbersAreDrawnAgain() {
    for (int before = 0; before < 1300; before += 13) {
      Generator g = new Generator(7);
      for (int i = 0; i < before; i++) {
        g.random32();
      }
      long[] state = g.state();
      double[] drawn = draws(g);
      assertThat(draws(new Generator(8).state(state))).containsExactly(drawn);
      assertThat(g.state(state)).isSameAs(g);
      assertThat(draws(g)).containsExactly(drawn);
    }
  }

  @Test
  void itIsWrittenToAnArrayOfItsLengthAlone() {
    Generator g = new Generator(7);
    g.normal();
    long[] state = new long[g.state().length];
    g.copyState(state);
    assertThat(state).containsExactly(g.state());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.copyState(new long[625]))
        .withMessage("a state has 626 numbers, got 625");
  }

  @Test
  void theNormalNumberLeftOverBelongsToIt() {
    Generator g = new Generator(7);
    g.normal();
    long[] state = g.state();
    double spare = g.normal();
    double next = g.normal();
    assertThat(spare).isNotEqualTo(next);
    Generator other = new Generator(0).state(state);
    assertThat(other.normal()).isEqualTo(spare);
    assertThat(other.normal()).isEqualTo(next);
    other.normal();
    assertThat(other.state(new Generator(7).state()).normal()).isEqualTo(new Generator(7).normal());
  }

  @Test
  void generatorsThatShareAStreamShareItsState() {
    Generator g = new Generator(7);
    long[] state = g.state();
    g.singlePrecision().uniform();
    assertThat(g.state()).isNotEqualTo(state);
    g.singlePrecision().state(state);
    assertThat(g.random64()).isEqualTo(new Generator(7).random64());
  }

  @Test
  void theStateIsACopy() {
    Generator g = new Generator(7);
    long[] state = g.state();
    Arrays.fill(state, 1);
    assertThat(g.random64()).isEqualTo(new Generator(7).random64());
    long[] given = new Generator(7).state();
    g.state(given);
    Arrays.fill(given, 1);
    assertThat(g.random64()).isEqualTo(new Generator(7).random64());
  }

  @Test
  void whatIsNoStateChangesNothing() {
    long[] good = new Generator(3).state();
    refused(new long[5], "a state has 626 numbers, got 5");
    refused(changed(good, 9, -1), "word 9 of the state must be in [0, 2^32), got -1");
    refused(changed(good, 0, 1L << 32), "word 0 of the state must be in [0, 2^32), got 4294967296");
    refused(changed(good, 624, 625), "the place in the state must be in [0, 624], got 625");
    refused(changed(good, 624, -1), "the place in the state must be in [0, 624], got -1");
    long infinity = Double.doubleToLongBits(Double.NEGATIVE_INFINITY);
    refused(changed(good, 625, infinity), "the normal number left over must be finite or NaN");
    refused(new long[626], "a state of zeros draws nothing but zeros");
    refused(changed(new long[626], 624, 1), "a state of zeros draws nothing but zeros");
  }

  @Test
  void aStateThatWentThroughSinglePrecisionIsRefused() {
    long[] state = new Generator(7).state();
    Generator g = new Generator(8);
    double[] before = draws(g.copy());
    for (int bits : new int[] {8, 11, 24}) {
      long[] rounded = state.clone();
      for (int i = 0; i < 624; i++) {
        int drop = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(state[i]) - bits);
        rounded[i] = state[i] >>> drop << drop;
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> g.state(rounded))
          .withMessage(
              "the state was rounded to single precision or less: keep it in double precision");
    }
    assertThat(draws(g)).containsExactly(before);
  }

  @Test
  void theSmallestDrawIsZeroAndNoOneEvenThen() {
    double[] mask = {7};
    beforeZeros().bernoulli(mask, 0);
    assertThat(mask).containsExactly(0);
    assertThat(beforeZeros().uniform()).isZero();
  }

  @Test
  void theSmallestDrawOfATruncatedNormalWithoutBoundsIsFinite() {
    double infinity = Double.POSITIVE_INFINITY;
    double[] value = new double[1];
    beforeZeros().truncatedNormal(value, 0, 1, -infinity, infinity);
    assertThat(value[0])
        .isEqualTo(TruncatedNormal.inverse(-Math.nextDown(1.0)))
        .isBetween(-9.0, -8.0);
    beforeZeros().singlePrecision().truncatedNormal(value, 0, 1, -infinity, infinity);
    assertThat(value[0])
        .isEqualTo((float) TruncatedNormal.inverse(-Math.nextDown(1f)))
        .isBetween(-6.0, -5.0);
  }

  /** A generator that draws 64 zeros next: the place 0 is one, though none is saved there. */
  private static Generator beforeZeros() {
    long[] state = changed(changed(new Generator(7).state(), 0, 0), 1, 0);
    return new Generator(0).state(changed(state, 624, 0));
  }

  private static void refused(long[] state, String message) {
    Generator g = new Generator(7);
    g.normal();
    long[] before = g.state();
    assertThatIllegalArgumentException().isThrownBy(() -> g.state(state)).withMessage(message);
    assertThat(g.state()).containsExactly(before);
  }

  private static long[] changed(long[] state, int index, long value) {
    long[] changed = state.clone();
    changed[index] = value;
    return changed;
  }

  private static double[] draws(Generator g) {
    double[] draws = new double[40];
    g.normal(draws, 0, 1);
    draws[0] = g.normal();
    draws[1] = g.uniform();
    draws[2] = g.permutation(100)[17];
    return draws;
  }
}
