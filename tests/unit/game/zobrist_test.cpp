#include "game/zobrist.h"

#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

TEST_CASE("the Zobrist constants are those of the reference") {
  const Zobrist& z = zobrist();
  CHECK_EQ(z.player[1].toString(), "8A2A2A2FF24DBB6DC535F97FD0CC7E76");
  CHECK_EQ(z.player[2].toString(), "D3C1C132E034DCB0392045E5C8D9BD73");
  CHECK_EQ(z.encore[0].toString(), "F4B593539CD89728AD00229EC323B548");
  CHECK_EQ(z.board[21][1].toString(), "8FA2C21BFD03E0C9FA250F737D510629");
  CHECK_EQ(z.board[21][2].toString(), "70C7781CA8B1A5F7A2BB48A79D586016");
  CHECK_EQ(z.board[381][1].toString(), "CDDA56AA837BF719A69AD4DBF803563A");
  CHECK_EQ(z.board[381][2].toString(), "7166B146BEFCFFF920E76DCB81A6FC66");
  CHECK_EQ(z.koLoc[381].toString(), "131A4DFFADFCA40CE7F95A21633375A5");
  CHECK_EQ(z.sizeX[19].toString(), "C85AFEF8C5DF924A13F04AAA3D5E3C3B");
  CHECK_EQ(z.sizeY[19].toString(), "05913F0DD10874CAE93D68CA497B5A08");
}

TEST_CASE("empty points and walls do not change a hash") {
  for (const int c : {0, 3}) {
    CHECK_EQ(zobrist().board[21][c], Hash128());
    CHECK_EQ(zobrist().koMark[21][c], Hash128());
    CHECK_EQ(zobrist().secondEncore[21][c], Hash128());
  }
}

TEST_CASE("position hashes of known positions") {
  const auto check = [](const Board& board, Color toMove, const char* position, const char* situation) {
    CHECK_EQ(board.positionHash().toString(), position);
    CHECK_EQ(board.situationHash(toMove).toString(), situation);
  };
  Board b(19, 19);
  check(b, kBlack, "CDCBC1F514D7E680FACD226074256633", "47E1EBDAE69A5DED3FF8DB1FA4E91845");
  b.play(pt(b, "Q16"), kBlack);
  check(b, kWhite, "D787FAD66281F76731DCD9C1B3387463", "04463BE482B52BD708FC9C247BE1C910");
  b.play(pt(b, "D4"), kWhite);
  check(b, kBlack, "B248EA89FABF13234D0CA990126373BE", "3862C0A608F2A84E883950EFC2AF0DC8");
  check(Board(9, 9), kBlack, "9F0B2D702FC8448C75410E097F089AEB", "1521075FDD85FFE1B074F776AFC4E49D");
  CHECK_EQ(Board(9, 7).positionHash().toString(), "CC4F1A971EE8C467564E0FD3B3B9CF66");
  check(Board(13, 7), kWhite, "545A4B53BACA7FA667B92AA2D42F022D", "879B8A615AFEA3165E996F471CF6BF5E");
  Board ko = diagram(".XO../X.XO./.XO../...../.....");
  check(ko, kWhite, "8AE084CBE36583A09102EC2353BB6192", "592145F903515F10A822A9C69B62DCE1");
  ko.play(pt(ko, "B4"), kWhite);
  check(ko, kBlack, "AA3D9132CEE7ABAA1C936D40898ED016", "9FED73B5A3B05D720E2E3ECC45D83B86");
}
