package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StepInHandTest {
  @Test
  void aStepThatIsHalfMadeIsSavedByNobodyUntilAResume() throws IOException {
    Trainer trainer = new Problem(1).trainer().callback(Recorder.stopAfterStep(8));
    trainer.fit(Problem.DATA);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    trainer.save(whole);
    StepInHand inHand = trainer.training().inHand;
    inHand.begin();
    inHand.end();
    inHand.loseIfOpen();
    inHand.requireNone();
    assertThat(trainer.training())
        .hasToString("Training(1 of 3 epochs done, 2 of 6 batches, STOPPED)");

    inHand.begin();
    inHand.loseIfOpen();
    for (int i = 0; i < 2; i++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> trainer.save(new ByteArrayOutputStream()))
          .withMessage(
              "some parameters have made step 9 and others have not, for an error broke it off; the"
                  + " last whole one is step 8, in epoch 2 after 2 batches: go on from a checkpoint,"
                  + " by resume(file)");
      assertThatIllegalStateException()
          .isThrownBy(() -> trainer.trial(Problem.DATA))
          .withMessageStartingWith("some parameters have made step 9");
      assertThatIllegalStateException()
          .isThrownBy(() -> trainer.fit(Problem.DATA))
          .withMessageStartingWith("some parameters have made step 9");
      // What was lost stays so, whatever comes between.
      inHand.begin();
      inHand.end();
      inHand.loseIfOpen();
    }
    assertThat(trainer.training())
        .hasToString("Training(1 of 3 epochs done, 2 of 6 batches, STOPPED, step 9 half made)");
    trainer.resume(new ByteArrayInputStream(whole.toByteArray()));
    trainer.save(new ByteArrayOutputStream());
  }
}
