package doppio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeExceptionTest {
  @Test
  void containersOnTheWayOutLengthenThePath() {
    ShapeException thrown = new ShapeException("ReLU() broke");
    ShapeException inside = thrown.in("0", "Block");
    ShapeException outside = inside.in("2", "Sequential");
    assertThat(thrown).hasMessage("ReLU() broke").isInstanceOf(IllegalArgumentException.class);
    assertThat(inside).hasMessage("ReLU() broke (layer 0 of Block)");
    assertThat(outside).hasMessage("ReLU() broke (layer 2.0 of Sequential)");
    assertThat(outside.getStackTrace()).isEqualTo(thrown.getStackTrace());
  }
}
