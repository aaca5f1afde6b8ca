package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the plain kernels promise holds without fused multiply-add, where some loops are others. */
@Tag("kernels")
class WithoutFmaTest {
  @Test
  void productsAreTheirReferenceToTheBit() {
    ChildJvm.Result result = ChildJvm.run(WithoutFmaTest.class, List.of("-Ddoppio.fma=false"));
    assertThat(result.output()).as("%s", result).containsExactly("false, as set: as they shall be");
  }

  /** Runs the tests of the plain kernels. */
  public static void main(String[] arguments) {
    KernelsTest products = new KernelsTest();
    products.linearIsTheReferenceToTheBit(SCALAR);
    products.linearInputGradientIsTheReferenceToTheBit(SCALAR);
    products.linearWeightGradientIsTheReferenceToTheBit(SCALAR);
    products.linearWeightGradientPartsCoverTheReferenceOnce(SCALAR);
    System.out.println(Fma.VERDICT + ": as they shall be");
  }
}
